import type { Child, KeyPart, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import type { PaginationResult } from "convex/server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { FIXED_SEED } from "../support/keys.js";
import { withoutMetrics } from "../support/components.js";
import { insertRows, numberedRows } from "../support/rows.js";

// Pages of children as usePaginatedQuery of convex-helpers/react asks for them: all but the last
// are pinned between two cursors. Those on screen are the first of all children, each once.

interface PinnedPage {
  numItems: number;
  cursor: string | null;
  endCursor?: string;
}

/** All that is shown, page by page, each anew. */
async function shown(
  backend: Backend,
  store: KeyValueStore<number>,
  pages: PinnedPage[],
  options: object,
): Promise<PaginationResult<Child>[]> {
  const read = (page: PinnedPage) =>
    backend.read((ctx) => store.paginateChildren(ctx, ["a"], page, options));
  const results: PaginationResult<Child>[] = [];
  for (const page of pages) results.push(await read(page));
  return results;
}

/** A child, by the keys below it. */
type Folder = KeyPart[][];

const folder: fc.Arbitrary<Folder> = fc.constantFrom<Folder[]>(
  [[]],
  [["x"]],
  [[], ["x"]],
  [["x"], ["y"], ["z", 1]],
);
const cases = fc.record({
  first: fc.array(fc.tuple(fc.nat(12), folder), { maxLength: 12 }),
  reverse: fc.boolean(),
  steps: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.tuple(fc.nat(12), fc.option(folder)), { maxLength: 5 }),
    ),
    { maxLength: 5 },
  ),
});

test("no gaps and no repeats, while children come and go", async () => {
  const body = async (one: typeof cases extends fc.Arbitrary<infer T> ? T : never) => {
    const backend = startBackend();
    const store = backend.kv.use<number>(["s"]);
    const there = new Map<number, Folder>();
    const write = (n: number, folder: Folder | null) =>
      backend.run(async (ctx) => {
        await store.deleteAll(ctx, ["a", n]);
        there.delete(n);
        if (folder === null) return;
        there.set(n, folder);
        for (const key of folder) await store.set(ctx, ["a", n, ...key], n);
      });
    for (const [n, folder] of one.first) await write(n, folder);
    const options = { reverse: one.reverse };
    const pages: PinnedPage[] = [{ numItems: 2, cursor: null }];
    for (const [numItems, changes] of one.steps) {
      const last = (await shown(backend, store, pages, options)).at(-1)!;
      if (!last.isDone) {
        pages.at(-1)!.endCursor = last.continueCursor;
        pages.push({ numItems, cursor: last.continueCursor });
      }
      for (const [n, folder] of changes) await write(n, folder);
      const results = await shown(backend, store, pages, options);
      const inOrder = [...there.keys()].sort((a, b) => (one.reverse ? b - a : a - b));
      const children = results.flatMap(({ page }) => page);
      expect(children).toEqual(
        inOrder.slice(0, children.length).map((part) => ({
          part,
          hasEntry: there.get(part)!.some((key) => key.length === 0),
          hasChildren: there.get(part)!.some((key) => key.length > 0),
        })),
      );
      expect(results.at(-1)!.isDone).toBe(children.length === there.size);
    }
  };
  await fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 40, unbiased: true });
});

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => ({ key: ["s", "a", from + i, "x"], value: 1 }));

test("a page that is pinned at the end goes to the end, and ends where it ended", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["s"]);
  await insertRows(backend, numbered(0, 3));
  const page = (opts: PinnedPage) =>
    backend.read((ctx) => store.paginateChildren(ctx, ["a"], opts));
  const last = await page({ numItems: 5, cursor: null });
  expect(last).toMatchObject({ isDone: true, continueCursor: "" });
  await insertRows(backend, numbered(3, 9));
  const pinned = await page({ numItems: 1, cursor: null, endCursor: "" });
  expect(pinned).toEqual({
    page: Array.from({ length: 9 }, (_, part) => ({ part, hasEntry: false, hasChildren: true })),
    isDone: true,
    continueCursor: "",
  });
});

test.each([
  { reverse: false, tells: true },
  { reverse: true, tells: true },
  { reverse: false, tells: false },
])(
  "a page too long for one transaction is split, and both halves hold all of it: %j",
  async ({ reverse, tells }) => {
    const backend = startBackend({
      limits: { documentsRead: 40 },
      // As before convex 1.36: a step may read what it wants of what is left.
      ...(!tells && { componentModules: withoutMetrics("missing") }),
    });
    const store = backend.kv.use<number>(["s"]);
    await insertRows(backend, numbered(0, 2));
    await insertRows(backend, numbered(98, 100));
    const page = (opts: PinnedPage) =>
      backend.read((ctx) => store.paginateChildren(ctx, ["a"], opts, { reverse }));
    const { continueCursor } = await page({ numItems: 3, cursor: null });
    await insertRows(backend, numbered(10, 70));
    let [cursor, splits]: [string | null, number] = [null, 0];
    const parts: KeyPart[] = [];
    for (let isWhole = false; !isWhole; splits++) {
      const part = await page({ numItems: 3, cursor, endCursor: continueCursor });
      parts.push(...part.page.map(({ part }) => part));
      expect(part).toMatchObject({ isDone: false, continueCursor });
      isWhole = part.pageStatus !== "SplitRequired";
      expect(part.splitCursor === undefined).toBe(isWhole);
      cursor = part.splitCursor ?? null;
    }
    const all = [0, 1, ...Array.from({ length: 60 }, (_, i) => 10 + i), 98, 99];
    expect(parts).toEqual(reverse ? all.reverse().slice(0, -1) : all.slice(0, -1));
    expect(splits).toBeGreaterThan(1);
  },
);

test("an end of another prefix, direction or scan is refused, even if nothing is there", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["s"]);
  await insertRows(backend, [...numbered(0, 3), { key: ["s", "b", 1] }, { key: ["s", "b", 2] }]);
  await backend.read(async (ctx) => {
    const one = { numItems: 1, cursor: null };
    const other = await store.paginateChildren(ctx, ["b"], one);
    const reversed = await store.paginateChildren(ctx, ["a"], one, { reverse: true });
    const entries = await store.paginate(ctx, ["a"], one);
    const ends = [other, reversed, entries].map(({ continueCursor }) => continueCursor);
    for (const endCursor of [...ends, "x", "W10"]) {
      const call = store.paginateChildren(ctx, ["a"], { ...one, endCursor });
      await kvErrorOf(call, "invalid_cursor");
    }
  });
});

test("an empty cursor is no beginning, as of any page", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["s"]);
  await kvErrorOf(
    backend.read((ctx) => store.paginateChildren(ctx, [], { numItems: 1, cursor: "" })),
    "invalid_cursor",
  );
});

test.each([false, true])(
  "a child that a page ends in is the next one's, whatever comes before (reverse: %s)",
  async (reverse) => {
    const backend = startBackend({ limits: { documentsRead: 40 } });
    const store = backend.kv.use<number>(["s"]);
    // More that has expired than one transaction reads, below 1, and an entry behind all that.
    const expired = numberedRows(["s", "a", 1], 60, { expiresAt: 1 });
    const [before, behind] = [
      ["s", "a", 1, -1],
      ["s", "a", 1, 99],
    ].map((key) => ({ key }));
    const ends = [{ key: ["s", "a", 0] }, { key: ["s", "a", 2] }];
    await insertRows(backend, [...ends, ...expired, reverse ? before! : behind!]);
    const page = (opts: PinnedPage) =>
      backend.read((ctx) => store.paginateChildren(ctx, ["a"], opts, { reverse }));
    const { continueCursor } = await page({ numItems: 5, cursor: null });
    await insertRows(backend, [reverse ? behind! : before!]);
    const first = await page({ numItems: 5, cursor: null, endCursor: continueCursor });
    const parts = first.page.map(({ part }) => part);
    for (let cursor = continueCursor, isDone = false; !isDone;) {
      const next = await page({ numItems: 5, cursor });
      parts.push(...next.page.map(({ part }) => part));
      ({ continueCursor: cursor, isDone } = next);
    }
    expect(parts).toEqual(reverse ? [2, 1, 0] : [0, 1, 2]);
  },
);

test("a page of more children than an array can have elements is split", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["s"]);
  await insertRows(backend, numberedRows(["s", "a"], 9_000));
  const page = (opts: PinnedPage) =>
    backend.read((ctx) => store.paginateChildren(ctx, ["a"], opts));
  const first = await page({ numItems: 3, cursor: null, endCursor: "" });
  expect(first).toMatchObject({ pageStatus: "SplitRequired" });
  const second = await page({ numItems: 3, cursor: first.splitCursor!, endCursor: "" });
  expect(second.pageStatus).toBeUndefined();
  expect(first.page.length + second.page.length).toBe(9_000);
});
