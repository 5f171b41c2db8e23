import type { ListOptions } from "@hamzasaleemorg/convex-kv";
import { beforeAll, describe, expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { withoutMetrics } from "../support/components.js";
import { costOf } from "../support/cost.js";
import { kvErrorOf } from "../support/errors.js";
import { allPages, namesOf } from "../support/pages.js";
import { insertRows, numberedRows } from "../support/rows.js";
import { insertExternal, MAX_PART, MAX_VALUE, stringOf } from "../support/values.js";

// Scans with external values: the budget counts them if they are wanted.

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

async function stored(
  count: number,
  size: number,
  options?: Parameters<typeof startBackend>[0],
): Promise<Backend> {
  const backend = startBackend(options);
  await insertExternal(
    backend,
    numberedRows(["p"], count, (i) => ({ value: `${i}:${stringOf(size - 10)}` })),
  );
  return backend;
}

/** The values of all pages, by the number that each starts with. */
async function numbersOf(backend: Backend): Promise<number[][]> {
  const pages = await allPages(backend, ["p"], { limit: 1_000 });
  return pages.map(({ entries }) =>
    (entries as unknown as { value: string }[]).map(({ value }) => parseInt(value)),
  );
}

// As many as no transaction can read. 16 of them fit 16 MiB.
const MANY = 20;
let many: Backend;
beforeAll(async () => {
  many = await stored(MANY, MAX_PART);
});

describe("list", () => {
  test("values of 1 MB come in few pages, complete and in order", async () => {
    const pages = await numbersOf(many);
    expect(pages.flat()).toEqual(upTo(MANY));
    expect(pages).toHaveLength(2);
    expect(pages[0]!.length).toBeGreaterThanOrEqual(14);
  });

  test("without values they are one page", async () => {
    const pages = await allPages(many, ["p"], { limit: 1_000, includeValues: false });
    expect(pages.map(({ entries }) => namesOf(entries))).toEqual([upTo(MANY)]);
    expect(pages[0]!.entries.every((entry) => !("value" in entry))).toBe(true);
  });

  test("values of 8 MiB come one at a time", async () => {
    const backend = startBackend();
    const store = backend.kv.use<string>(["p"]);
    for (let i = 0; i < 2; i++) {
      await backend.run((ctx) => store.set(ctx, [i], `${i}:${stringOf(MAX_VALUE - 2)}`));
    }
    const pages = await numbersOf(backend);
    expect(pages.flat()).toEqual(upTo(2));
    expect(pages).toHaveLength(2);
  });

  test("small and large ones mixed", async () => {
    const backend = startBackend();
    await insertExternal(
      backend,
      numberedRows(["p"], 30, (i) => ({ value: `${i}:${i % 3 ? "x" : stringOf(900_000)}` })),
    );
    expect((await numbersOf(backend)).flat()).toEqual(upTo(30));
  });

  test("where the platform does not tell what is left, half of its limits", async () => {
    const backend = await stored(12, MAX_PART, { componentModules: withoutMetrics("missing") });
    const pages = await numbersOf(backend);
    expect(pages.flat()).toEqual(upTo(12));
    expect(pages[0]!.length).toBeLessThanOrEqual(8);
  });

  test.for([5, 6, 7, 8, 9])("isDone is exact where the budget ends: %i values", async (count) => {
    const backend = await stored(count, 200_000, { limits: { bytesRead: 3 << 20 } });
    const pages = await allPages(backend, ["p"], { limit: count });
    expect(pages.flatMap(({ entries }) => namesOf(entries))).toEqual(upTo(count));
    expect(pages.every(({ entries }) => entries.length > 0)).toBe(true);
  });

  test("few documents to read make short pages", async () => {
    const backend = await stored(17, 18_000, { limits: { documentsRead: 24 } });
    const pages = await numbersOf(backend);
    expect(pages.flat()).toEqual(upTo(17));
    expect(pages.length).toBeGreaterThan(1);
  });

  test("few queries too, of which each value is one", async () => {
    const backend = await stored(17, 18_000, { limits: { databaseQueries: 6 } });
    expect((await numbersOf(backend)).flat()).toEqual(upTo(17));
  });
});

test("a value that fits comes, however large the entries that follow it are", async () => {
  const backend = startBackend();
  const store = backend.kv.use<string>(["p"]);
  await backend.run((ctx) => store.set(ctx, [0], `0:${stringOf(3 * MAX_PART)}`));
  // Of an earlier version, which kept all values with their entries.
  await insertRows(
    backend,
    numberedRows(["p"], 20, (i) => ({ value: `${i + 1}:${stringOf(900_000)}` })).map((row, i) => ({
      ...row,
      key: ["p", i + 1],
    })),
    900_000,
  );
  expect((await numbersOf(backend)).flat()).toEqual(upTo(21));
});

describe("getAll", () => {
  test("of more than fits is an error that names list, without values it is not", async () => {
    const store = many.kv.use<string>(["p"]);
    const error = await kvErrorOf(
      many.read((ctx) => store.getAll(ctx, [])),
      "too_many_entries",
    );
    expect(error.message).toMatch(/\blist\b/);
    const entries = await many.read((ctx) => store.getAll(ctx, [], { includeValues: false }));
    expect(namesOf(entries)).toEqual(upTo(MANY));
  });

  test("of what fits returns all", async () => {
    const entries = await many.read((ctx) =>
      many.kv.use<string>(["p"]).getAll(ctx, [], { end: [15] }),
    );
    expect(entries.map(({ value }) => parseInt(value))).toEqual(upTo(15));
  });
});

describe("getMany", () => {
  const keys = (count: number) => upTo(count).map((i) => [i]);

  test("of more than one transaction can read is an error that says how much", async () => {
    const store = many.kv.use<string>(["p"]);
    const error = await kvErrorOf(
      many.read((ctx) => store.getMany(ctx, keys(17))),
      "too_many_entries",
    );
    expect(error.message).toMatch(/170\d{5} bytes in 17 documents.* fewer keys/s);
    const values = await many.read((ctx) => store.getMany(ctx, keys(15)));
    expect(values.map((value) => parseInt(value!))).toEqual(upTo(15));
  });

  test("the same key twice counts twice", async () => {
    const store = many.kv.use<string>(["p"]);
    await kvErrorOf(
      many.read((ctx) => store.getMany(ctx, [...keys(9), ...keys(9)])),
      "too_many_entries",
    );
  });

  test("what the caller has read before counts, and documents and queries too", async () => {
    const store = (backend: Backend) => backend.kv.use<string>(["p"]);
    for (const limits of [{ bytesRead: 3 << 20 }, { documentsRead: 30 }, { databaseQueries: 31 }]) {
      const backend = await stored(10, 200_000, { limits });
      const once = backend.run((ctx) => store(backend).getMany(ctx, keys(10)));
      expect(await once).toHaveLength(10);
      const twice = backend.run(async (ctx) => {
        await store(backend).getMany(ctx, keys(10));
        await store(backend).getMany(ctx, keys(10));
      });
      await kvErrorOf(twice, "too_many_entries");
    }
  });
});

test("of each page but the last one row is read again, which proves that it is not the last", async () => {
  const pages = 3;
  const count = 40;
  const backend = await stored(count, 900_000);
  const store = backend.kv.use<string>(["p"]);
  let documents = 0;
  let cursor: string | undefined;
  for (let page = 1; page <= pages; page++) {
    const options: ListOptions = { limit: count, ...(cursor !== undefined && { cursor }) };
    await backend.run(async (ctx) => {
      const { documentsRead } = await costOf(ctx, async () => {
        const { isDone, continueCursor } = await store.list(ctx, [], options);
        expect(isDone).toBe(page === pages);
        cursor = continueCursor;
      });
      documents += documentsRead;
    });
  }
  expect(documents).toBe(2 * count + pages - 1);
});
