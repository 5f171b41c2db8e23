import type { Child, Key, KeyPart } from "@hamzasaleemorg/convex-kv";
import fc from "fast-check";
import { expect, test } from "vitest";
import { afterWrite, type Write } from "../../../js/react/edits.js";
import { positionsOf } from "../../../js/react/loaded.js";
import type { Loaded, LoadedOf, PageArgs, ShownEntry } from "../../../js/react/loaded.js";
import type { Scan } from "../../../js/react/scan.js";
import { type QueryOf, TestStore } from "./support/store.js";
import { FIXED_SEED } from "../support/keys.js";

// What a write makes of results that are loaded is what the store answers afterwards.

const part = fc.constantFrom<KeyPart>("a", "ab", "b", 1, 2n, null);
const keyOf = (minLength: number, maxLength: number): fc.Arbitrary<Key> =>
  fc.array(part, { minLength, maxLength });
const key = keyOf(0, 3);
const value = fc.oneof({ weight: 9, arbitrary: fc.nat(9) }, fc.constantFrom(7n, "text"));
const newEntry = fc.record(
  { key, value, ifAbsent: fc.boolean() },
  { requiredKeys: ["key", "value"] },
);

const write: fc.Arbitrary<Write> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant("set" as const), args: newEntry }) },
  fc.record({
    kind: fc.constant("setMany" as const),
    args: fc.record({ entries: fc.array(newEntry, { maxLength: 3 }) }),
  }),
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant("increment" as const),
      args: fc.record(
        { key, by: fc.constantFrom<(number | bigint)[]>(1, -4, 2n) },
        { requiredKeys: ["key"] },
      ),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("remove" as const), args: fc.record({ key }) }),
  },
  fc.record({
    kind: fc.constant("removeAll" as const),
    args: fc.record({ prefix: keyOf(0, 2) }),
  }),
);

const scan: fc.Arbitrary<Scan> = fc.record(
  {
    prefix: keyOf(0, 1),
    start: keyOf(1, 2),
    after: keyOf(1, 2),
    end: keyOf(1, 2),
    startsWith: fc.constantFrom("a", ""),
    reverse: fc.boolean(),
  },
  { requiredKeys: [] },
);
// Most scans have one or two of these.
const fewBounds = fc.tuple(scan, fc.nat(3)).map(([{ prefix, reverse, ...bounds }, keep]): Scan => {
  const kept = Object.entries(bounds).slice(0, keep > 1 ? 0 : keep + 1);
  return { ...(prefix && { prefix }), ...(reverse && { reverse }), ...Object.fromEntries(kept) };
});

const single: fc.Arbitrary<QueryOf> = fc.oneof(
  fc
    .tuple(fc.constantFrom("get" as const, "getWithMetadata" as const, "has" as const), key)
    .map(([kind, key]) => ({ kind, args: { key } })),
  fc
    .array(key, { minLength: 1, maxLength: 3 })
    .map((keys) => ({ kind: "getMany" as const, args: { keys } })),
  fewBounds.map((args) => ({ kind: "getAll" as const, args })),
  fc
    .tuple(fewBounds, fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }))
    .map(([scan, limit]) => ({
      kind: "count" as const,
      args: { ...scan, ...(limit && { limit }) },
    })),
);

const paged = fc.record({
  kind: fc.constantFrom("list" as const, "list" as const, "children" as const),
  scan: fewBounds,
  numItems: fc.integer({ min: 1, max: 4 }),
  count: fc.integer({ min: 1, max: 3 }),
  isPinned: fc.boolean(),
});

const table = fc.array(fc.record({ key, value }), { minLength: 2, maxLength: 14 });

interface Situation {
  before: { key: Key; value: unknown }[];
  queries: QueryOf[];
  pages: (typeof paged extends fc.Arbitrary<infer T> ? T : never)[];
  /** What others write after the pages were loaded, so that their ends lie between entries. */
  meanwhile: { key: Key; value: unknown }[];
  gone: Key[];
  knowsAll: boolean;
}

const situation: fc.Arbitrary<Situation> = fc.record({
  before: table,
  queries: fc.array(single, { maxLength: 8 }),
  pages: fc.array(paged, { minLength: 1, maxLength: 3 }),
  meanwhile: fc.array(fc.record({ key, value }), { maxLength: 4 }),
  gone: fc.array(key, { maxLength: 4 }),
  knowsAll: fc.boolean(),
});

const EVERYTHING = { kind: "getAll", args: {} } as const;

interface Realised {
  store: TestStore;
  loaded: Loaded[];
  /** Which of them are pages of one list, each pinned to the next. */
  lists: number[][];
}

async function realise(situation: Situation): Promise<Realised> {
  const store = new TestStore();
  const put = async (entries: { key: Key; value: unknown }[]) =>
    await store.write({ kind: "setMany", args: { entries } });
  await put(situation.before);
  const queries: QueryOf[] = [...situation.queries];
  const lists: number[][] = [];
  for (const { kind, scan, numItems, count, isPinned } of situation.pages) {
    const args = { ...scan, paginationOpts: { numItems, cursor: null } };
    const pages = await store.pages(kind, args, count);
    // Children know no endCursor.
    const isPinnedList = isPinned && kind === "list";
    if (isPinnedList) lists.push(pages.map((_, i) => queries.length + i));
    queries.push(...(isPinnedList ? pinned(pages) : pages));
  }
  await put(situation.meanwhile);
  for (const key of situation.gone) await store.write({ kind: "remove", args: { key } });
  if (situation.knowsAll) queries.push(EVERYTHING);
  const loaded: Loaded[] = [];
  for (const query of queries) loaded.push(await store.load(query));
  return { store, loaded, lists };
}

/** All pages but the last end where the next one begins. */
function pinned(pages: QueryOf[]): QueryOf[] {
  return pages.map((page, i) => {
    const next = pages[i + 1]?.args as PageArgs | undefined;
    if (!next) return page;
    const { paginationOpts, ...scan } = page.args as PageArgs;
    const endCursor = next.paginationOpts.cursor;
    return { kind: "list", args: { ...scan, paginationOpts: { ...paginationOpts, endCursor } } };
  });
}

const stamp = { updatedAt: 0, version: "optimistic" };

/** What is shown of a result. */
function plain(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (name, part: unknown) => {
      if (["updatedAt", "version", "continueCursor", "splitCursor", "pageStatus"].includes(name)) {
        return undefined;
      }
      return typeof part === "bigint" ? `${part}n` : part;
    }) ?? "null",
  ) as unknown;
}

const RUNS = 80;

test("the result of one write is the store's", async () => {
  const seen = { exact: 0, inGaps: 0, pushedOff: 0, counted: 0 };
  await fc.assert(
    fc.asyncProperty(situation, write, async (situation, write) => {
      const { store, loaded, lists } = await realise(situation);
      const edited = afterWrite(loaded, write, stamp);
      const isWritten = await store.write(write);
      await expectLists(store, edited, lists);
      await expectBehindCursors(store, edited);
      for (const [i, optimistic] of edited.entries()) {
        const before = loaded[i]!;
        const { value } = await store.load(before);
        const server = { ...before, value } as Loaded;
        const isCertain = situation.knowsAll;
        switch (optimistic.kind) {
          case "list":
            expectPage(optimistic, server as typeof optimistic, before as typeof optimistic, write);
            break;
          case "children":
            expectChildren(optimistic, server as typeof optimistic, write, isCertain);
            break;
          case "count": {
            const [now, then] = [server.value, before.value].map(countIn);
            if (isCertain) expect(countIn(optimistic.value)).toBe(now);
            else expect([now, then]).toContain(countIn(optimistic.value));
            if (countIn(optimistic.value) !== then) seen.counted++;
            break;
          }
          default:
            expect(plain(optimistic.value)).toEqual(plain(server.value));
        }
        if (optimistic !== before) seen.exact++;
        // What is refused leaves everything as it was.
        if (!isWritten && situation.knowsAll) {
          expect(plain(optimistic.value)).toEqual(plain(before.value));
        }
        if (optimistic.kind === "list" && optimistic !== before) {
          const { cursor, endCursor } = optimistic.args.paginationOpts;
          const keys = optimistic.value.page.map(({ key }) => plain(key));
          const old = (before as typeof optimistic).value.page.map(({ key }) => plain(key));
          const isEdge = keys.length > old.length && keys.at(-1) !== old.at(-1);
          if (isEdge && (cursor ?? endCursor)) seen.inGaps++;
          if (!endCursor && keys.length === old.length) seen.pushedOff++;
        }
      }
    }),
    { seed: FIXED_SEED, numRuns: RUNS },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(0);
});

/** All entries of a list's scan. */
async function allOf(store: TestStore, args: PageArgs): Promise<LoadedOf<"getAll">> {
  const { prefix, start, after, end, startsWith, reverse } = args;
  const scan = { prefix, start, after, end, startsWith, reverse };
  return (await store.load({ kind: "getAll", args: scan })) as LoadedOf<"getAll">;
}

/** Pinned pages, one after another, show the first entries of all, without a gap. */
async function expectLists(store: TestStore, loaded: Loaded[], lists: number[][]): Promise<void> {
  for (const list of lists) {
    const pages = list.map((i) => loaded[i] as LoadedOf<"list">);
    const { value: all } = await allOf(store, pages[0]!.args);
    const shown = pages.flatMap(({ value }) => value.page);
    expect(plain(shown)).toEqual(plain(all.slice(0, shown.length)));
    if (pages.at(-1)!.value.isDone) expect(shown).toHaveLength(all.length);
  }
}

/** No page shows what is before its cursor. */
async function expectBehindCursors(store: TestStore, loaded: Loaded[]): Promise<void> {
  for (const query of loaded) {
    if (query.kind !== "list" && query.kind !== "children") continue;
    const { cursor } = query.args.paginationOpts;
    if (cursor === null) continue;
    const [all, behind] = await Promise.all(
      [null, cursor].map(async (cursor) => {
        const args = { ...query.args, paginationOpts: { numItems: 1_000, cursor } };
        return placesOf((await store.load({ kind: query.kind, args })) as typeof query);
      }),
    );
    const before = all!.filter((place) => !behind!.includes(place));
    expect(placesOf(query).filter((place) => before.includes(place))).toEqual([]);
  }
}

const placesOf = (query: LoadedOf<"list" | "children">) =>
  positionsOf(query).map((position) => JSON.stringify(plain(position)));

const countIn = (value: unknown) => (value as { count: number }).count;

type ListQuery = LoadedOf<"list">;

function expectPage(optimistic: ListQuery, server: ListQuery, before: ListQuery, write: Write) {
  const { numItems, cursor, endCursor } = optimistic.args.paginationOpts;
  const [shown, right, old] = [optimistic, server, before].map(
    ({ value }) => plain(value.page) as ShownEntry[],
  ) as [ShownEntry[], ShownEntry[], ShownEntry[]];
  const textOf = ({ key }: ShownEntry) => JSON.stringify(key);
  if (endCursor || cursor === null) {
    // The last page keeps what the server pushes off it, and does not know what it brings in.
    const most = endCursor ? shown.length : Math.min(shown.length, numItems);
    if (cursor === null && !endCursor) expect(shown.slice(0, most)).toEqual(right.slice(0, most));
  }
  const olds = new Set(old.map(textOf));
  const mine = new Set(keysOf(write).map((key) => JSON.stringify(plain(key))));
  // Nothing that is there is wrong. But of two pages, the server may have what lies between them on
  // the other one: a cursor does not tell where it is.
  const rights = new Map(right.map((entry) => [textOf(entry), entry]));
  for (const entry of shown) {
    const isNew = mine.has(textOf(entry)) && !olds.has(textOf(entry));
    const isElsewhere = !rights.has(textOf(entry)) && isNew && (cursor ?? endCursor) !== null;
    const isKept = !rights.has(textOf(entry)) && before.value.isDone;
    // Nor does it tell whether what is written comes before the page's first entry: then the server
    // pushes the last one off.
    const isPushedOff =
      !rights.has(textOf(entry)) && !mine.has(textOf(entry)) && cursor !== null && !endCursor;
    if (!isKept && !isElsewhere && !isPushedOff) expect(entry).toEqual(rights.get(textOf(entry)));
  }
  // What is not there was not known: others' entries, and what is written beyond the page.
  const added = right.filter((entry) => !shown.some((one) => textOf(one) === textOf(entry)));
  for (const entry of added) {
    expect(olds.has(textOf(entry))).toBe(false);
    const isBeyond = cursor !== null || endCursor !== undefined || !before.value.isDone;
    if (mine.has(textOf(entry))) expect(isBeyond).toBe(true);
  }
}

function keysOf(write: Write): Key[] {
  if (write.kind === "setMany") return write.args.entries.map(({ key }) => key);
  return write.kind === "removeAll" ? [] : [write.args.key];
}

type ChildrenQuery = LoadedOf<"children">;

function expectChildren(
  optimistic: ChildrenQuery,
  server: ChildrenQuery,
  write: Write,
  isCertain: boolean,
) {
  const { numItems, cursor } = optimistic.args.paginationOpts;
  const depth = optimistic.args.prefix?.length ?? 0;
  const parts = new Set(
    (write.kind === "removeAll" ? [write.args.prefix] : keysOf(write)).map((key) =>
      JSON.stringify(plain(key[depth])),
    ),
  );
  const [shown, right] = [optimistic, server].map(({ value }) => {
    const page = plain(value.page) as Child[];
    if (isCertain && cursor === null) return page;
    return page.filter(({ part }) => !parts.has(JSON.stringify(part)));
  }) as [Child[], Child[]];
  if (cursor !== null) return;
  const most = Math.min(shown.length, right.length, numItems);
  expect(shown.slice(0, most)).toEqual(right.slice(0, most));
  if (optimistic.value.isDone && isCertain) {
    expect(shown.slice(0, numItems)).toEqual(right);
  }
}

test("what is between two pages is on one of them, if another list has the first page too", async () => {
  const entry = (key: Key): ShownEntry => ({ key, value: 0, updatedAt: 0, version: "" });
  const list = (page: Key[], paginationOpts: object, continueCursor: string) =>
    ({
      kind: "list",
      args: { paginationOpts: { numItems: 1, ...paginationOpts } },
      value: { page: page.map(entry), isDone: false, continueCursor },
    }) as Loaded;
  const loaded = [
    list([[]], { cursor: null, endCursor: "1" }, "1"),
    list([["a"]], { cursor: "1", endCursor: "2" }, "2"),
    list([[]], { cursor: null }, "1"),
  ];
  const after = afterWrite(loaded, { kind: "set", args: { key: [2n], value: 0 } }, stamp);
  const keys = after.map(({ value }) =>
    (value as { page: ShownEntry[] }).page.map(({ key }) => key),
  );
  expect(keys).toEqual([[[], [2n]], [["a"]], [[]]]);
});

test("writes one after another show the store's first entries", async () => {
  const writes = fc.array(write, { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(situation, writes, async (situation, writes) => {
      const { store, loaded, lists } = await realise(situation);
      let edited = loaded;
      for (const write of writes) {
        edited = afterWrite(edited, write, stamp);
        await store.write(write);
      }
      await expectLists(store, edited, lists);
      await expectBehindCursors(store, edited);
      for (const query of edited) {
        const server = await store.load(query);
        if (query.kind === "list") {
          if (query.args.paginationOpts.cursor !== null) continue;
          const all = await allOf(store, query.args);
          const { page, isDone } = query.value;
          expect(plain(page)).toEqual(plain(all.value.slice(0, page.length)));
          if (isDone) expect(page).toHaveLength(all.value.length);
        } else if (query.kind === "count") {
          if (situation.knowsAll && query.value.isDone) {
            expect(query.value.count).toBe(countIn(server.value));
          }
        } else if (query.kind !== "children") {
          expect(plain(query.value)).toEqual(plain(server.value));
        }
      }
    }),
    { seed: FIXED_SEED, numRuns: RUNS },
  );
});
