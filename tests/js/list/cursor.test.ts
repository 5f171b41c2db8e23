import type { Key } from "@hamzasaleemorg/convex-kv";
import { beforeEach, describe, expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { namesOf } from "../support/pages.js";
import { insertRows, numberedRows, storedRows } from "../support/rows.js";

const backend = useBackend();
beforeEach(async () => {
  await insertRows(backend, [
    ...numberedRows(["a"], 5),
    ...numberedRows(["a", "b"], 5),
    ...numberedRows(["aa"], 5),
    ...numberedRows(["c"], 5),
  ]);
});

const list = (prefix: Key, cursor?: string | null, limit = 2) =>
  backend.read((ctx) => backend.kv.use([]).list(ctx, prefix, { limit, cursor }));

const cursorOf = async (prefix: Key) => (await list(prefix)).continueCursor;

describe("a cursor goes on where its page ended, whatever has changed", () => {
  test("after the entry it stands on was deleted", async () => {
    const cursor = await cursorOf(["c"]);
    await backend.run((ctx) => backend.kv.use(["c"]).delete(ctx, [1]));
    expect(namesOf((await list(["c"], cursor)).entries)).toEqual([2, 3]);
  });

  test("after all that was read was deleted", async () => {
    const cursor = await cursorOf(["c"]);
    await backend.run(async (ctx) => {
      for (const i of [0, 1, 2]) await backend.kv.use(["c"]).delete(ctx, [i]);
    });
    expect(namesOf((await list(["c"], cursor)).entries)).toEqual([3, 4]);
  });

  test("entries inserted before it are not seen, those after it are", async () => {
    const cursor = await cursorOf(["c"]);
    await backend.run(async (ctx) => {
      for (const i of [-1, 0.5, 1.5]) await backend.kv.use(["c"]).set(ctx, [i], null);
    });
    expect(namesOf((await list(["c"], cursor)).entries)).toEqual([1.5, 2]);
  });

  test("the same cursor gives the same page again, with another limit too", async () => {
    const cursor = await cursorOf(["c"]);
    expect(await list(["c"], cursor)).toEqual(await list(["c"], cursor));
    expect(namesOf((await list(["c"], cursor, 3)).entries)).toEqual([2, 3, 4]);
  });

  test("after everything was deleted it is done", async () => {
    const cursor = await cursorOf(["c"]);
    await backend.run((ctx) => backend.kv.use(["c"]).deleteAll(ctx, []));
    expect(await list(["c"], cursor)).toEqual({ entries: [], continueCursor: "", isDone: true });
  });
});

describe("a cursor of another prefix is refused", () => {
  const cases: [string, Key, Key][] = [
    ["a sibling's", ["c"], ["aa"]],
    ["the parent's", ["a", "b"], ["a"]],
    ["the child's", ["a"], ["a", "b"]],
    ["the root's", ["a"], []],
    ["the root, one from below", [], ["a"]],
    ["one that has the same start", ["aa"], ["a"]],
  ];

  test.for(cases)("%s", async ([, prefix, from]) => {
    await kvErrorOf(list(prefix, await cursorOf(from)), "invalid_cursor");
  });

  test("nor does a store with another prefix take it", async () => {
    const { continueCursor: cursor } = await backend.read((ctx) =>
      backend.kv.use(["a"]).list(ctx, ["b"], { limit: 2 }),
    );
    // The same absolute prefix by another way is the same.
    const page = await backend.read((ctx) =>
      backend.kv.use(["a", "b"]).list(ctx, [], { cursor, limit: 2 }),
    );
    expect(namesOf(page.entries)).toEqual([2, 3]);
    await kvErrorOf(
      backend.read((ctx) => backend.kv.use(["c"]).list(ctx, ["b"], { cursor })),
      "invalid_cursor",
    );
  });
});

describe("garbage is refused", () => {
  const base64 = (text: string) => btoa(text).replace(/=+$/, "");
  const garbage: [string, string][] = [
    ["a word", "next"],
    ["white space", " "],
    ["a zero", "\0"],
    ["letters beyond base64url", "é€😀"],
    ["a lone surrogate", "\ud800"],
    ["JSON", "[1,2,3]"],
    ["base64 of no JSON", base64("next")],
    ["base64 of an empty array", base64("[]")],
    ["base64 of an object", base64("{}")],
    ["base64 of null", base64("null")],
    ["base64 of a number", base64("1e999")],
    ["deep nesting", base64("[".repeat(20_000))],
    ["the right form with the wrong mark", base64('[1,"AAAAAAAAAAA","EGMADQ"]')],
    ["another version", base64('[2,"AAAAAAAAAAA","EGMADQ"]')],
    ["a long text", "A".repeat(100_000)],
  ];

  test.for(garbage)("%s", async ([, cursor]) => {
    await kvErrorOf(list(["c"], cursor), "invalid_cursor");
  });

  test("the empty text, which is what the last page returns", async () => {
    const error = await kvErrorOf(list(["c"], ""), "invalid_cursor");
    expect(error.message).toMatch(/empty.* isDone/s);
  });

  test("a cursor cut short anywhere, with one more letter, or with one letter changed", async () => {
    const cursor = await cursorOf(["c"]);
    const variants = [cursor + "A", cursor + "=", " " + cursor];
    for (let i = 1; i < cursor.length; i++) variants.push(cursor.slice(0, i));
    for (let i = 0; i < cursor.length; i++) {
      const other = cursor[i] === "A" ? "B" : "A";
      variants.push(cursor.slice(0, i) + other + cursor.slice(i + 1));
    }
    await backend.read(async (ctx) => {
      for (const variant of variants) {
        const call = backend.kv.use(["c"]).list(ctx, [], { cursor: variant });
        await kvErrorOf(call, "invalid_cursor");
      }
    });
  });
});

test("a refused cursor says what to pass, and nothing has changed", async () => {
  const before = await storedRows(backend);
  const error = await kvErrorOf(list(["c"], "next"), "invalid_cursor");
  expect(error.message).toMatch(/continueCursor.*same prefix/);
  expect(await storedRows(backend)).toEqual(before);
});
