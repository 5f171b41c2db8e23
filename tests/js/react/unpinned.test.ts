import type { Child, Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { afterWrite, type Write } from "../../../js/react/edits.js";
import type { Loaded, LoadedOf } from "../../../js/react/loaded.js";
import { TestStore } from "./support/store.js";

// Pages as a plain usePaginatedQuery loads them: each has as many items as were asked for, and the
// next one begins where it ended when that was loaded, whatever has come or gone since.

const stamp = { updatedAt: 0, version: "optimistic" };

const set = (...parts: string[]): Write[] =>
  parts.map((part) => ({ kind: "set", args: put(part) }));
const setMany = (...parts: string[]): Write[] => [
  { kind: "setMany", args: { entries: parts.map(put) } },
];
const remove = (part: string): Write => ({ kind: "remove", args: { key: [part] } });
const put = (part: string) => ({ key: [part], value: 0 });

type Pages = LoadedOf<"list"> | LoadedOf<"children">;

const partsOf = (query: Loaded) =>
  (query as Pages).value.page.map((item: Child | { key: Key }) =>
    "key" in item ? item.key[0] : item.part,
  );

/** Two pages of two items each and a count, after writes: as shown, and as the store has them. */
async function after(kind: "list" | "children", writes: Write[], reverse = false) {
  const store = new TestStore();
  await store.write({ kind: "setMany", args: { entries: ["a", "b", "e", "f", "g"].map(put) } });
  const args = { reverse, paginationOpts: { numItems: 2, cursor: null } };
  const queries = [...(await store.pages(kind, args, 2)), { kind: "count", args: {} } as const];
  let shown: Loaded[] = [];
  for (const query of queries) shown.push(await store.load(query));
  for (const write of writes) {
    shown = afterWrite(shown, write, stamp);
    await store.write(write);
  }
  const right: Loaded[] = [];
  for (const query of queries) right.push(await store.load(query));
  const plain = (all: Loaded[]) => [partsOf(all[0]!), partsOf(all[1]!)];
  const countOf = (all: Loaded[]) => (all[2] as LoadedOf<"count">).value.count;
  return { shown: plain(shown), right: plain(right), count: countOf(shown), total: countOf(right) };
}

describe.each(["list", "children"] as const)("two pages of %s", (kind) => {
  test.each<[string, Write[], string[][]]>([
    [
      "what comes between them is on the second",
      setMany("c", "d"),
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "whatever the order",
      setMany("d", "c"),
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    [
      "what the first pushes off is on neither",
      setMany("aa"),
      [
        ["a", "aa"],
        ["e", "f"],
      ],
    ],
    [
      "nor is what comes in behind that",
      setMany("aa", "ab"),
      [
        ["a", "aa"],
        ["e", "f"],
      ],
    ],
    [
      "nor in writes of their own",
      set("aa", "ab"),
      [
        ["a", "aa"],
        ["e", "f"],
      ],
    ],
    [
      "nor what it pushed off, written again",
      set("aa", "b"),
      [
        ["a", "aa"],
        ["e", "f"],
      ],
    ],
    [
      "and the second has the rest",
      setMany("aa", "ab", "c"),
      [
        ["a", "aa"],
        ["c", "e"],
      ],
    ],
    [
      "in any order",
      setMany("c", "ab", "aa"),
      [
        ["a", "aa"],
        ["c", "e"],
      ],
    ],
    [
      "the first takes what it has room for",
      [remove("b"), ...set("ab")],
      [
        ["a", "ab"],
        ["e", "f"],
      ],
    ],
    [
      "and no more",
      [remove("b"), ...set("ab", "aa")],
      [
        ["a", "aa"],
        ["e", "f"],
      ],
    ],
    [
      "nor what that pushes off",
      [remove("b"), ...set("aa", "ab", "ac")],
      [
        ["a", "aa"],
        ["e", "f"],
      ],
    ],
  ])("%s", async (_, writes, pages) => {
    const { shown, right } = await after(kind, writes);
    expect(shown).toEqual(pages);
    expect(shown).toEqual(right);
  });

  test("from the last to the first", async () => {
    const { shown, right } = await after(kind, setMany("fb", "fa", "c"), true);
    expect(shown).toEqual([
      ["g", "fb"],
      ["e", "c"],
    ]);
    expect(shown).toEqual(right);
  });

  test.each<[string, Write[], number]>([
    ["is not counted anew", set("aa", "b"), 6],
    ["nor after what pushed it off has gone", [...set("aa"), remove("aa"), ...set("b")], 5],
  ])("an entry that was pushed off %s", async (_, writes, expected) => {
    const { count, total } = await after(kind, writes);
    expect([count, total]).toEqual([expected, expected]);
  });
});
