import type { Key } from "@hamzasaleemorg/convex-kv";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { PageOf } from "../../../js/react/loaded.js";
import {
  firstPage,
  type Page,
  pageArgs,
  type PageResults,
  type Places,
  settle,
  show,
  withMore,
} from "../../../js/react/pages.js";
import { compareInScan, covers, type Scan } from "../../../js/react/scan.js";
import { FIXED_SEED } from "../support/keys.js";

// Pages over a table whose entries come and go, while answers arrive late and in any order.

interface Item {
  key: Key;
}

const entryPlaces: Places<Item> = { at: ({ key }) => key, behind: ({ key }) => [...key, null] };
/** As of children: nothing tells what comes next behind all that is below a part. */
const partPlaces: Places<Item> = { at: ({ key }) => key };

type Args = ReturnType<typeof pageArgs>[string];

class Screen {
  table: number[] = [];
  pages: readonly Page[];
  /** What has arrived. */
  private results: PageResults<Item> = {};

  constructor(
    numItems: number,
    private readonly scan: Scan,
    private readonly places: Places<Item>,
    /** The most that the server reads at once. */
    private readonly budget: number,
  ) {
    this.pages = firstPage(numItems);
  }

  get queries(): Record<string, Args> {
    return pageArgs(this.scan, this.pages);
  }

  /** Some answers arrive: those to queries that `isIn` picks, and all that were there before. */
  arrive(isIn: (id: string) => boolean): void {
    const wanted = Object.entries(this.queries);
    this.results = Object.fromEntries(
      wanted
        .filter(([id]) => id in this.results || isIn(id))
        .map(([id, args]) => [id, this.answer(args)]),
    );
    this.settle();
  }

  private answer({ paginationOpts, ...scan }: Args): PageOf<Item> {
    const all = selected(this.table, scan);
    const page = all.slice(0, Math.min(paginationOpts.numItems, this.budget));
    return { page, isDone: page.length === all.length, continueCursor: "" };
  }

  private settle(): void {
    const { scan, places } = this;
    const settled = settle(this.pages, this.results, scan, places);
    if (settled === this.pages) return;
    this.pages = settled;
    // Queries that go on keep their results.
    const ids = Object.keys(this.queries);
    const kept = ids
      .filter((id) => id in this.results)
      .map((id) => [id, this.results[id]] as const);
    this.results = Object.fromEntries(kept);
    this.settle();
  }

  loadMore(numItems: number): void {
    this.pages = withMore(this.pages, this.results, this.scan, this.places, numItems);
  }

  shown() {
    return show(this.pages, this.results, this.scan, this.places);
  }

  expectRight(): void {
    const all = selected(this.table, this.scan);
    const { items, status } = this.shown();
    expect(items).toEqual(all.slice(0, items.length));
    if (status === "Exhausted") expect(items).toHaveLength(all.length);
    if (status === "CanLoadMore") expect(items.length).toBeLessThan(all.length);
  }

  /** All answers arrive, and those to what is asked for then. */
  rest(): void {
    for (let round = 0; this.shown().status.startsWith("Loading"); round++) {
      if (round > 50) throw new Error("It does not come to rest");
      this.arrive(() => true);
      this.expectRight();
    }
  }
}

function selected(table: readonly number[], scan: Scan): Item[] {
  const items = [...new Set(table)]
    .map((n) => ({ key: [n] }))
    .filter(({ key }) => covers(scan, key));
  return items.sort((a, b) => compareInScan(scan, a.key, b.key));
}

type Step =
  | { kind: "write"; at: number; count: number; apart: number }
  | { kind: "remove"; at: number; count: number }
  | { kind: "arrive"; which: number }
  | { kind: "loadMore"; numItems: number }
  | { kind: "rest" };

const place = fc.nat(100);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant("write" as const),
    at: place,
    count: fc.oneof(fc.nat(3), fc.nat(30)),
    apart: fc.constantFrom(1, 0.01),
  }),
  fc.record({ kind: fc.constant("remove" as const), at: place, count: fc.nat(15) }),
  fc.record({ kind: fc.constant("arrive" as const), which: fc.nat(3) }),
  fc.record({ kind: fc.constant("loadMore" as const), numItems: fc.integer({ min: 1, max: 6 }) }),
  fc.constant({ kind: "rest" as const }),
);
const scans: fc.Arbitrary<Scan> = fc.record(
  { reverse: fc.boolean(), start: fc.constant([10]), end: fc.constant([90]) },
  { requiredKeys: ["reverse"] },
);

test.each([
  ["entries", entryPlaces, 1_000],
  ["entries that one query cannot read all of", entryPlaces, 7],
  ["entries of which one query reads one", entryPlaces, 1],
  ["parts that one query cannot read all of", partPlaces, 7],
])("pages are the first items of all, whatever comes and goes: %s", (_, places, budget) => {
  const statuses = new Set<string>();
  let most = 0;
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 6 }),
      scans,
      fc.array(step, { maxLength: 40 }),
      (numItems, scan, steps) => {
        const screen = new Screen(numItems, scan, places, budget);
        for (const step of steps) {
          if (step.kind === "write") {
            const { at, count, apart } = step;
            screen.table.push(...Array.from({ length: count }, (_, i) => at + i * apart));
          } else if (step.kind === "remove") {
            const gone = new Set(selected(screen.table, {}).map(({ key }) => key[0] as number));
            const behind = [...gone].filter((n) => n >= step.at).slice(0, step.count);
            screen.table = screen.table.filter((n) => !behind.includes(n));
          }
          if (step.kind === "loadMore") screen.loadMore(step.numItems);
          if (step.kind === "rest") screen.rest();
          // What is written is seen with the next answers: all of them at once.
          else screen.arrive((id) => step.kind === "arrive" && Number(id) % 4 <= step.which);
          screen.expectRight();
          statuses.add(screen.shown().status);
        }
        // To the end.
        screen.rest();
        for (let round = 0; screen.shown().status === "CanLoadMore"; round++) {
          const before = screen.shown().items.length;
          screen.loadMore(5);
          screen.rest();
          expect(screen.shown().items.length).toBeGreaterThan(before);
          most = Math.max(most, screen.pages.length);
        }
        expect(screen.shown().status).toBe("Exhausted");
        screen.expectRight();
      },
    ),
    { seed: FIXED_SEED, numRuns: 60 },
  );
  expect([...statuses].sort()).toEqual([
    "CanLoadMore",
    "Exhausted",
    "LoadingFirstPage",
    "LoadingMore",
  ]);
  expect(most).toBeGreaterThan(3);
});

test("a page that others follow is halved when it has become too long", () => {
  const screen = new Screen(10, {}, entryPlaces, 8_192);
  screen.table = Array.from({ length: 30 }, (_, i) => i);
  screen.rest();
  screen.loadMore(10);
  screen.rest();
  expect(screen.pages).toHaveLength(2);
  screen.table.push(...Array.from({ length: 3_000 }, (_, i) => 1.5 + i / 10_000));
  screen.arrive(() => true);
  screen.expectRight();
  screen.rest();
  expect(screen.shown().items).toHaveLength(3_020);
  expect(screen.pages.length).toBeGreaterThan(3);
  expect(screen.pages.length).toBeLessThan(10);
});

test("what is shown stays while more is loading, and while a page is halved", () => {
  const screen = new Screen(10, {}, entryPlaces, 8_192);
  screen.table = Array.from({ length: 30 }, (_, i) => i);
  screen.rest();
  const expectLoading = (length: number) => {
    const { items, status } = screen.shown();
    expect([items.length, status]).toEqual([length, "LoadingMore"]);
  };
  screen.loadMore(10);
  expectLoading(10);
  // One of the two that take the page's place, and then the other.
  screen.arrive((id) => id === "2");
  expectLoading(10);
  screen.arrive((id) => id === "1");
  expect(screen.shown()).toMatchObject({ status: "CanLoadMore" });
  expect(screen.shown().items).toHaveLength(20);
  screen.table.push(...Array.from({ length: 3_000 }, (_, i) => 1.5 + i / 10_000));
  screen.arrive(() => false);
  const shown = screen.shown().items.length;
  expect(shown).toBeGreaterThan(10);
  expectLoading(shown);
});
