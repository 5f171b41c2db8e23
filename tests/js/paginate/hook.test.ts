import type { Entry, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import type { PaginationResult } from "convex/server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { FIXED_SEED } from "../support/keys.js";
import { insertRows, numberedRows } from "../support/rows.js";

// Pages as usePaginatedQuery of convex-helpers/react asks for them: when more is wanted, the last
// page is pinned to where it ended, and the next one begins there. tests/runtime/hooks has the hook
// itself.

interface PinnedPage {
  numItems: number;
  cursor: string | null;
  endCursor?: string;
}

class Hook {
  pages: PinnedPage[];

  constructor(
    private readonly backend: Backend,
    private readonly store: KeyValueStore<number>,
    private readonly options: { reverse: boolean },
    numItems: number,
  ) {
    this.pages = [{ numItems, cursor: null }];
  }

  /** All that it shows, each page anew, as a live query does. */
  async results(): Promise<PaginationResult<Entry<number>>[]> {
    const results: PaginationResult<Entry<number>>[] = [];
    for (const page of this.pages) {
      results.push(
        await this.backend.read((ctx) => this.store.paginate(ctx, [], page, this.options)),
      );
    }
    return results;
  }

  async loadMore(numItems: number): Promise<boolean> {
    const last = (await this.results()).at(-1)!;
    if (last.isDone) return false;
    this.pages.at(-1)!.endCursor = last.continueCursor;
    this.pages.push({ numItems, cursor: last.continueCursor });
    return true;
  }
}

test("no gaps and no repeats, while entries come and go", async () => {
  const changes = fc.array(fc.tuple(fc.nat(30), fc.boolean()), { maxLength: 6 });
  const cases = fc.record({
    first: fc.array(fc.nat(30), { maxLength: 20 }),
    reverse: fc.boolean(),
    steps: fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), changes), { maxLength: 6 }),
  });
  const body = async ({
    first,
    reverse,
    steps,
  }: typeof cases extends fc.Arbitrary<infer T> ? T : never) => {
    const backend = startBackend();
    const store = backend.kv.use<number>(["a"]);
    const there = new Set(first);
    await insertRows(
      backend,
      [...there].map((n) => ({ key: ["a", n], value: n })),
    );
    const hook = new Hook(backend, store, { reverse }, 3);
    const inOrder = () => [...there].sort((a, b) => (reverse ? b - a : a - b));
    for (const [numItems, changed] of steps) {
      await hook.loadMore(numItems);
      await backend.run(async (ctx) => {
        for (const [n, stays] of changed) {
          if (stays) await store.set(ctx, [n], n);
          else await store.delete(ctx, [n]);
          if (stays) there.add(n);
          else there.delete(n);
        }
      });
      const results = await hook.results();
      const shown = results.flatMap(({ page }) => page.map(({ value }) => value));
      expect(shown).toEqual(inOrder().slice(0, shown.length));
      expect(results.at(-1)!.isDone).toBe(shown.length === there.size);
    }
  };
  await fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 30, unbiased: true });
});

test("the cursor of the last page stands for the end, whatever numItems says", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 5));
  await backend.read(async (ctx) => {
    const last = await store.paginate(ctx, [], { numItems: 10, cursor: null });
    expect(last).toMatchObject({ isDone: true, continueCursor: "" });
    const pinned = { numItems: 1, cursor: null, endCursor: last.continueCursor };
    expect(await store.paginate(ctx, [], pinned)).toEqual(last);
  });
});

test("from three quarters of a transaction on, a pinned page says where to split it", async () => {
  const backend = startBackend({ limits: { documentsRead: 40 } });
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 2));
  const { continueCursor } = await backend.read((ctx) =>
    store.paginate(ctx, { numItems: 1, cursor: null }),
  );
  const pinned = { numItems: 1, cursor: null, endCursor: continueCursor };
  const pages = async (opts: PinnedPage) => await backend.read((ctx) => store.paginate(ctx, opts));
  const added = (from: number, to: number) =>
    insertRows(
      backend,
      Array.from({ length: to - from }, (_, i) => ({ key: ["a", -100 + from + i] })),
    );

  await added(0, 29);
  expect(await pages(pinned)).not.toHaveProperty("pageStatus");
  expect(await pages(pinned)).not.toHaveProperty("splitCursor");

  await added(29, 30);
  const full = await pages(pinned);
  expect(full).toMatchObject({ pageStatus: "SplitRecommended", isDone: false, continueCursor });
  expect(full.page).toHaveLength(31);

  await added(30, 70);
  const tooMuch = await pages(pinned);
  expect(tooMuch).toMatchObject({ pageStatus: "SplitRequired", isDone: false, continueCursor });
  const splitCursor = tooMuch.splitCursor!;
  const first = await pages({ numItems: 1, cursor: null, endCursor: splitCursor });
  expect(first.page).toEqual(tooMuch.page.slice(0, 20));
  expect(first).not.toHaveProperty("pageStatus");
  const rest = await pages({ numItems: 1, cursor: splitCursor, endCursor: continueCursor });
  expect(rest).toMatchObject({ pageStatus: "SplitRequired", continueCursor });
});

test("so does one up to the end, which is where it ends", async () => {
  const backend = startBackend({ limits: { documentsRead: 10 } });
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 30));
  const toEnd = { numItems: 1, cursor: null, endCursor: "" };
  const page = await backend.read((ctx) => store.paginate(ctx, toEnd));
  expect(page).toMatchObject({ pageStatus: "SplitRequired", isDone: true, continueCursor: "" });
});

test("a list, and a page with a length, are never split", async () => {
  const backend = startBackend({ limits: { documentsRead: 10 } });
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 30));
  await backend.read(async (ctx) => {
    const list = await store.list(ctx, [], { limit: 20 });
    expect(Object.keys(list).sort()).toEqual(["continueCursor", "entries", "isDone"]);
  });
  await backend.read(async (ctx) => {
    const page = await store.paginate(ctx, { numItems: 20, cursor: null });
    expect(Object.keys(page).sort()).toEqual(["continueCursor", "isDone", "page"]);
    expect(page.page).toHaveLength(9);
  });
});

test("a cursor of another selection is an error, as an endCursor too", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 5));
  await backend.read(async (ctx) => {
    const { continueCursor } = await store.paginate(ctx, [], { numItems: 1, cursor: null });
    const opts = { numItems: 1, cursor: null, endCursor: continueCursor };
    const call = store.paginate(ctx, [], opts, { reverse: true });
    expect(await kvErrorOf(call, "invalid_cursor")).toMatchObject({
      isConvexSystemError: true,
      paginationError: "InvalidCursor",
    });
  });
});
