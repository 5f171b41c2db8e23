import type { Key } from "@hamzasaleemorg/convex-kv";
import { usePaginatedQuery } from "convex-helpers/react";
import fc from "fast-check";
import { expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { INITIAL_ITEMS, Screen, type Frame, type Hook } from "../support/screen.js";
import { ownPrefix } from "../support/store.js";

// The hook of convex-helpers, mounted. Its pages are pinned between cursors, so that whatever
// happens to the entries, those on screen are the first of the table's.

const backend = useBackend();

/**
 * Documents that a page may read, so that a split is recommended from 10 on, and required from 13.
 */
const DOCUMENTS = 12;

interface Scan {
  prefix?: [string];
  start?: [number];
  end?: [number];
  reverse?: boolean;
}

type EntryKey = [folder: string, place: number];

/**
 * So many entries are written between `from` and the next whole number, and so many deleted from
 * there on.
 */
interface Change {
  do: "change";
  folder: string;
  from: number;
  written: number;
  /** Where between the two, and how far apart. */
  at: number;
  apart: number;
  deleted: number;
}

type Step = Change | { do: "loadMore" } | { do: "scan"; scan: Scan };

/** Between two whole numbers there are so many places. */
const STEPS = 4096;

const folder = fc.constantFrom("a", "b");
const scans: fc.Arbitrary<Scan> = fc
  .record(
    {
      prefix: fc.tuple(folder),
      reverse: fc.boolean(),
      start: fc.tuple(fc.constantFrom(0, 0.1, 1)),
      end: fc.tuple(fc.constantFrom(0.9, 1.5)),
    },
    { requiredKeys: [] },
  )
  // Bounds are places within a folder.
  .map(({ prefix, reverse, ...bounds }) => ({ reverse, ...(prefix && { prefix, ...bounds }) }));
const change: fc.Arbitrary<Change> = fc.record({
  do: fc.constant("change" as const),
  // Most of them in the first pages, for pages to grow.
  folder: fc.constantFrom("a", "a", "a", "b"),
  from: fc.constantFrom(0, 0, 0, 1),
  written: fc.oneof(fc.nat(3), fc.integer({ min: 8, max: 20 })),
  at: fc.nat(STEPS / 4),
  apart: fc.constantFrom(1, 10, 301),
  deleted: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(12)),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: change },
  { weight: 4, arbitrary: fc.constant({ do: "loadMore" as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("scan" as const), scan: scans }) },
);
/** Each time that it comes to rest, some steps without waiting. */
const sequences = fc.array(fc.array(step, { minLength: 1, maxLength: 3 }), {
  minLength: 8,
  maxLength: 12,
});

/** One whose single run has it all: the last expectations of the test see to that. */
const SEED = 26;

/** The table as it should be, and what is to be shown of it. */
class Model {
  private entries: EntryKey[] = [];
  scan: Scan = {};

  change({ folder, from, written, at, apart, deleted }: Change): {
    written: EntryKey[];
    deleted: EntryKey[];
  } {
    const there = new Set(this.entries.map(textOf));
    const gone = this.entries
      .filter(([name, place]) => name === folder && place >= from)
      .slice(0, deleted);
    const fresh = Array.from({ length: written }, (_, i): EntryKey => {
      return [folder, from + ((at + i * apart) % STEPS) / STEPS];
    });
    const added = fresh.filter((key) => !there.has(textOf(key)));
    const goes = new Set(gone.map(textOf));
    this.entries = [...this.entries.filter((key) => !goes.has(textOf(key))), ...added];
    return { written: added, deleted: gone };
  }

  /** What a list shows that is loaded to its end. */
  rows(): string[] {
    const { prefix, start, end, reverse } = this.scan;
    const rows = this.entries
      .filter(([folder]) => prefix === undefined || folder === prefix[0])
      .filter(([, place]) => place >= (start?.[0] ?? 0) && place < (end?.[0] ?? Infinity))
      .sort(([a, m], [b, n]) => (a === b ? m - n : a < b ? -1 : 1))
      .map(textOf);
    return reverse ? rows.reverse() : rows;
  }
}

const BEGINNING = { do: "change", from: 0, written: 12, at: 0, apart: 340, deleted: 0 } as const;

const textOf = (key: EntryKey) => JSON.stringify(key);
const startsWith = (rows: string[], first: string[]) => first.every((row, i) => rows[i] === row);

/** A list whose scan is an argument of the query, or one whose scan the query looks up. */
class List {
  private readonly store: Key = ownPrefix();
  private readonly model = new Model();
  readonly screen: Screen;
  /** What the list may have shown since it was last at rest, and the first frame after that. */
  private possible: string[][] = [[]];
  private next = 0;

  constructor(
    url: string,
    private readonly kind: "asked" | "chosen",
  ) {
    this.screen = new Screen(url, usePaginatedQuery as unknown as Hook);
  }

  async show(): Promise<void> {
    const args = { store: this.store, documentsRead: DOCUMENTS };
    const { scan } = this.model;
    if (this.kind === "chosen") await this.screen.show({ query: api.pages.chosen, args });
    else await this.screen.show({ query: api.pages.asked, args: { ...args, scan } });
  }

  async carryOut(step: Step): Promise<void> {
    if (step.do === "loadMore") return await this.screen.loadMore();
    const store = [...this.store];
    if (step.do === "change") {
      const changed = this.model.change(step);
      this.possible.push(this.model.rows());
      return await this.screen.mutate(api.pages.change, { store, ...changed });
    }
    this.model.scan = step.scan;
    this.possible.push(this.model.rows());
    if (this.kind === "asked") return await this.show();
    await this.screen.mutate(api.pages.choose, { store, scan: step.scan });
  }

  /** Waits for it, and expects what is shown, and what was shown on the way there, to be right. */
  async rest(): Promise<Frame> {
    const frame = await this.screen.rest();
    const rows = this.model.rows();
    expect(frame.rows).toEqual(rows.slice(0, frame.rows.length));
    expect(frame.rows.length).toBeGreaterThanOrEqual(Math.min(rows.length, INITIAL_ITEMS));
    expect(frame.status).toBe(frame.rows.length === rows.length ? "Exhausted" : "CanLoadMore");
    // At no time was an entry shown twice, or one left out between others.
    for (const { rows } of this.screen.frames.slice(this.next)) {
      const isPossible = this.possible.some((all) => startsWith(all, rows));
      expect(isPossible, `shown: ${rows.join(" ")}`).toBe(true);
    }
    this.possible = [rows];
    this.next = this.screen.frames.length;
    return frame;
  }
}

test("a page that is shown grows until it is split, and on until it has to be", async () => {
  const list = new List(backend.url, "asked");
  const grow = (written: number, at: number, apart = 1) =>
    list.carryOut({ do: "change", folder: "a", from: 0, written, at, apart, deleted: 0 });
  await grow(8, 0, 400);
  await list.show();
  await list.rest();
  await list.carryOut({ do: "loadMore" });
  expect((await list.rest()).rows).toHaveLength(7);
  await grow(8, 1);
  expect((await list.rest()).rows).toHaveLength(15);
  expect(list.screen.statuses.SplitRecommended).toBeGreaterThan(0);
  expect(list.screen.statuses.SplitRequired).toBe(0);
  await grow(40, 10);
  expect((await list.rest()).rows).toHaveLength(55);
  expect(list.screen.statuses.SplitRequired).toBeGreaterThan(0);
});

test.each(["asked", "chosen"] as const)(
  "pages grow, shrink, split, and change direction, prefix and bounds: %s",
  async (kind) => {
    const statuses = { SplitRecommended: 0, SplitRequired: 0, InvalidCursor: 0 };
    const body = async (bursts: Step[][]) => {
      const list = new List(backend.url, kind);
      try {
        // Some pages to begin with.
        await list.carryOut({ ...BEGINNING, folder: "a" });
        await list.carryOut({ ...BEGINNING, folder: "b" });
        await list.show();
        await list.rest();
        await list.carryOut({ do: "loadMore" });
        await list.rest();
        for (const burst of bursts) {
          for (const step of burst) await list.carryOut(step);
          await list.rest();
        }
        // To the end, a page at a time.
        for (let frame = await list.rest(); frame.status !== "Exhausted";) {
          await list.carryOut({ do: "loadMore" });
          const next = await list.rest();
          expect(next.rows.length).toBeGreaterThan(frame.rows.length);
          frame = next;
        }
      } finally {
        await list.screen.close();
      }
      for (const word of Object.keys(statuses) as (keyof typeof statuses)[]) {
        statuses[word] += list.screen.statuses[word];
      }
    };
    const property = fc.asyncProperty(sequences, body);
    await fc.assert(property, { seed: SEED, numRuns: 1, endOnFailure: true });
    expect(statuses.SplitRecommended).toBeGreaterThan(0);
    expect(statuses.SplitRequired).toBeGreaterThan(0);
    if (kind === "chosen") expect(statuses.InvalidCursor).toBeGreaterThan(0);
  },
);
