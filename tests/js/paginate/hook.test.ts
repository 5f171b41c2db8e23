import type { Entry, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import type { PaginationResult } from "convex/server";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { FIXED_SEED } from "../support/keys.js";
import { insertRows, numberedRows } from "../support/rows.js";

// Pages as usePaginatedQuery of convex-helpers/react asks for them: when more is wanted, the last page
// is pinned to where it ended, and the next one begins there.

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
    await backend.run(async (ctx) => {
      for (const n of there) await store.set(ctx, [n], n);
    });
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
  await fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 60 });
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

test("a pinned page that is too much for a transaction ends earlier", async () => {
  const backend = startBackend({ limits: { documentsRead: 10 } });
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 30));
  const first = await backend.read((ctx) => store.paginate(ctx, [], { numItems: 5, cursor: null }));
  await insertRows(
    backend,
    numberedRows(["a"], 20).map(({ key }) => ({ key: ["a", 0.5 + Number(key[1]) / 100] })),
  );
  const pinned = { numItems: 5, cursor: null, endCursor: first.continueCursor };
  const again = await backend.read((ctx) => store.paginate(ctx, [], pinned));
  expect(again.page).toHaveLength(9);
  expect(again.isDone).toBe(false);
  expect(again.continueCursor).not.toBe(first.continueCursor);
});

test("a cursor of another selection is an error, as an endCursor too", async () => {
  const backend = startBackend();
  const store = backend.kv.use<number>(["a"]);
  await insertRows(backend, numberedRows(["a"], 5));
  await backend.read(async (ctx) => {
    const { continueCursor } = await store.paginate(ctx, [], { numItems: 1, cursor: null });
    const opts = { numItems: 1, cursor: null, endCursor: continueCursor };
    await kvErrorOf(store.paginate(ctx, [], opts, { reverse: true }), "invalid_cursor");
  });
});
