import { describe, expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { withoutMetrics } from "../support/components.js";
import { allPages, namesOf } from "../support/pages.js";
import { insertRows, numberedRows, valueOf } from "../support/rows.js";

// A page ends early if the transaction can read no more. It must say so, and the next must go on
// without a gap.

const KB = 1_000;
const MiB = 1 << 20;

/** Entries in `pages`, which must be 0, 1, 2 and so on to `count`. */
async function expectAll(backend: Backend, count: number): Promise<number[]> {
  const pages = await allPages(backend, ["p"], { limit: count });
  const names = pages.flatMap(({ entries }) => namesOf(entries));
  expect(names).toEqual(Array.from({ length: count }, (_, i) => i));
  for (const page of pages.slice(0, -1)) {
    expect(page.entries.length).toBeGreaterThan(0);
    expect(page.isDone).toBe(false);
  }
  expect(pages.at(-1)!.isDone).toBe(true);
  return pages.map(({ entries }) => entries.length);
}

test("values of 900 KB, more than one transaction reads, all come in the end", async () => {
  const backend = startBackend();
  const value = valueOf(900 * KB);
  await insertRows(backend, numberedRows(["p"], 20, { value }), 900 * KB);
  const lengths = await expectAll(backend, 20);
  expect(lengths.length).toBeGreaterThan(1);
  // The better part of 16 MiB is used.
  expect(lengths[0]).toBeGreaterThanOrEqual(14);
});

test("a page without values is cut at what was read, not at what is returned", async () => {
  const backend = startBackend({ limits: { bytesRead: 2 * MiB } });
  const value = valueOf(200 * KB);
  await insertRows(backend, numberedRows(["p"], 12, { value }), 200 * KB);
  const pages = await allPages(backend, ["p"], { limit: 12, includeValues: false });
  expect(pages.length).toBeGreaterThan(1);
  expect(pages.flatMap(({ entries }) => namesOf(entries))).toHaveLength(12);
});

describe("isDone is exact where the budget ends", () => {
  // One byte more or less of budget moves the border across the last entry.
  test.for([5, 6, 7, 8, 9, 10, 11])("with %i entries of 200 KB and 3 MiB", async (count) => {
    const backend = startBackend({ limits: { bytesRead: 3 * MiB } });
    const value = valueOf(200 * KB);
    await insertRows(backend, numberedRows(["p"], count, { value }), 200 * KB);
    await expectAll(backend, count);
  });
});

test("expired entries that fill a whole budget do not end the scan", async () => {
  const backend = startBackend({ limits: { documentsRead: 10 } });
  await insertRows(backend, [
    ...numberedRows(["p"], 35, { expiresAt: 1 }),
    ...numberedRows(["p", "x"], 3),
  ]);
  const pages = await allPages(backend, ["p"], { limit: 5 });
  expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual([0, 1, 2]);
  expect(pages.length).toBeGreaterThan(3);
});

test("few documents to read make short pages", async () => {
  const backend = startBackend({ limits: { documentsRead: 5 } });
  await insertRows(backend, numberedRows(["p"], 17));
  await expectAll(backend, 17);
});

test("a list in a mutation that has read much already still fits", async () => {
  const backend = startBackend();
  const value = valueOf(900 * KB);
  await insertRows(backend, numberedRows(["p"], 12, { value }), 900 * KB);
  const store = backend.kv.use(["p"]);
  const [first, second] = await backend.run(async (ctx) => {
    // Some 11 MB of 16 MiB.
    for (let i = 0; i < 12; i++) await store.has(ctx, [i]);
    const { entries, continueCursor } = await store.list(ctx, [], { includeValues: false });
    return [namesOf(entries), continueCursor];
  });
  expect(first!.length).toBeGreaterThan(2);
  expect(first!.length).toBeLessThan(12);
  const rest = await backend.read((ctx) =>
    store.list(ctx, [], { cursor: second as string, includeValues: false }),
  );
  expect([...first!, ...namesOf(rest.entries)]).toEqual(Array.from({ length: 12 }, (_, i) => i));
  expect(rest.isDone).toBe(true);
});

describe("where the platform does not tell what is left", () => {
  const cases = [
    ["ctx.meta is missing, as before convex 1.36", "missing"],
    ["the backend refuses the call", "refused"],
  ] as const;

  test.for(cases)("a page is cut at half of the limits: %s", async ([, how]) => {
    const backend = startBackend({ componentModules: withoutMetrics(how) });
    const value = valueOf(900 * KB);
    await insertRows(backend, numberedRows(["p"], 10, { value }), 900 * KB);
    const lengths = await expectAll(backend, 10);
    expect(lengths[0]).toBeGreaterThan(5);
    expect(lengths[0]).toBeLessThan(9);
  });
});
