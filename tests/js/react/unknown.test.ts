import type { Key } from "@hamzasaleemorg/convex-kv";
import { expect, test } from "vitest";
import { afterWrite, type Write } from "../../../js/react/edits.js";
import type { Loaded, ShownEntry } from "../../../js/react/loaded.js";
import type { Scan } from "../../../js/react/scan.js";

// Where what is loaded tells only a part: results that the store's own would seldom show.

const stamp = { updatedAt: 0, version: "optimistic" };
const entry = (key: Key): ShownEntry => ({ key, value: 1, updatedAt: 1, version: "1" });

const count = (args: Scan & { limit?: number }, count: number, isDone = true): Loaded => ({
  kind: "count",
  args,
  value: { count, isDone, continueCursor: "" },
});
const list = (args: Scan, keys: Key[]): Loaded => ({
  kind: "list",
  args: { ...args, paginationOpts: { numItems: 10, cursor: null } },
  value: { page: keys.map(entry), isDone: true, continueCursor: "" },
});
const children = (part: string): Loaded => ({
  kind: "children",
  args: { paginationOpts: { numItems: 10, cursor: null } },
  value: {
    page: [{ part, hasEntry: true, hasChildren: true }],
    isDone: true,
    continueCursor: "",
  },
});
const has = (key: Key, value: boolean): Loaded => ({ kind: "has", args: { key }, value });

const set = (key: Key): Write => ({ kind: "set", args: { key, value: 2 } });
const remove = (key: Key): Write => ({ kind: "remove", args: { key } });

/** What becomes of the first of them. */
const resultOf = (write: Write, ...loaded: Loaded[]) => afterWrite(loaded, write, stamp)[0]!.value;

test("an entry counts if it is known to be new, and not if it is there, or nobody knows", () => {
  const three = count({}, 3);
  expect(resultOf(set(["a"]), three)).toMatchObject({ count: 3 });
  expect(resultOf(set(["a"]), three, has(["a"], true))).toMatchObject({ count: 3 });
  expect(resultOf(set(["a"]), three, has(["a"], false))).toMatchObject({ count: 4 });
  expect(resultOf(remove(["a"]), three)).toMatchObject({ count: 3 });
  expect(resultOf(remove(["a"]), three, has(["a"], true))).toMatchObject({ count: 2 });
});

test("a count does not go over its limit, and one that is at it stays there", () => {
  const unknown = has(["a"], false);
  const full = count({ limit: 3 }, 3);
  expect(resultOf(set(["a"]), full, unknown)).toMatchObject({ count: 3, isDone: false });
  const over = count({ limit: 3 }, 3, false);
  expect(resultOf(set(["a"]), over, unknown)).toMatchObject({ count: 3, isDone: false });
  expect(resultOf(remove(["a"]), over, has(["a"], true))).toMatchObject({ count: 3 });
});

test("a child has children until a list that has them all has none", () => {
  const [both, entryAlone] = [true, false].map((hasChildren) => ({
    page: [{ part: "a", hasEntry: true, hasChildren }],
  }));
  const gone = remove(["a", 1]);
  expect(resultOf(gone, children("a"))).toMatchObject(both!);
  expect(resultOf(gone, children("a"), list({}, [["a"], ["a", 1]]))).toMatchObject(entryAlone!);
  // Each of these lists leaves out what may be there.
  for (const scan of [{ end: ["a", 2] }, { start: ["a", 1] }, { prefix: ["a", 1] }]) {
    expect(resultOf(gone, children("a"), list(scan, [["a", 1]]))).toMatchObject(both!);
  }
});
