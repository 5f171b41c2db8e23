import { beforeAll, describe, expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { withoutMetrics } from "../support/components.js";
import { kvErrorOf } from "../support/errors.js";
import { insertRows, numberedRows, valueOf } from "../support/rows.js";

// All or an error: getAll never cuts in silence.

const KB = 1_000;
const MiB = 1 << 20;

describe("8,192 entries are the most", () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = startBackend();
    await insertRows(backend, [
      ...numberedRows(["p"], 8_191),
      { key: ["p", "expired"], expiresAt: 1 },
      { key: ["p", "x", 1] },
    ]);
  });
  const store = () => backend.kv.use<null>(["p"]);

  test("8,192 live ones among expired ones are returned", async () => {
    const entries = await backend.read((ctx) => store().getAll(ctx, [], { includeValues: false }));
    expect(entries).toHaveLength(8_192);
    expect(entries[8_190]!.key).toEqual(["p", 8_190]);
    expect(entries[8_191]!.key).toEqual(["p", "x", 1]);
  });

  test("8,193 are an error that names list, and a page of 8,192 says that one follows", async () => {
    await backend.run((ctx) => store().set(ctx, ["x", 2], null));
    const error = await kvErrorOf(
      backend.read((ctx) => store().getAll(ctx, [])),
      "too_many_entries",
    );
    expect(error.message).toMatch(/8192.*\blist\b/s);

    const page = await backend.read((ctx) => store().list(ctx, [], { limit: 8_192 }));
    expect(page.entries).toHaveLength(8_192);
    expect(page.isDone).toBe(false);
    const rest = await backend.read((ctx) =>
      store().list(ctx, [], { limit: 8_192, cursor: page.continueCursor }),
    );
    expect(rest.entries.map(({ key }) => key)).toEqual([["p", "x", 2]]);
    expect(rest.isDone).toBe(true);
  });

  test("a part of them is returned", async () => {
    expect(await backend.read((ctx) => store().getAll(ctx, ["x"]))).toHaveLength(2);
  });
});

describe("more than one transaction can read is an error that names list", () => {
  async function stored(count: number, options?: Parameters<typeof startBackend>[0]) {
    const backend = startBackend(options);
    const value = valueOf(900 * KB);
    await insertRows(backend, numberedRows(["p"], count, { value }), 900 * KB);
    return backend;
  }

  test("19 values of 900 KB do not fit, 10 do", async () => {
    const backend = await stored(19);
    const store = backend.kv.use<string>(["p"]);
    for (const includeValues of [true, false]) {
      const error = await kvErrorOf(
        backend.read((ctx) => store.getAll(ctx, [], { includeValues })),
        "too_many_entries",
      );
      expect(error.message).toMatch(/transaction.*\blist\b/s);
    }
    await backend.run(async (ctx) => {
      for (let i = 10; i < 19; i++) await store.delete(ctx, [i]);
    });
    const entries = await backend.read((ctx) => store.getAll(ctx, []));
    expect(entries.map(({ value }) => value.length)).toEqual(Array(10).fill(900 * KB));
  });

  test("half of the limits where the platform does not tell", async () => {
    const backend = await stored(9, { componentModules: withoutMetrics("missing") });
    const store = backend.kv.use<string>(["p"]);
    await kvErrorOf(
      backend.read((ctx) => store.getAll(ctx, [])),
      "too_many_entries",
    );
  });

  test("what the caller has read before counts", async () => {
    const backend = startBackend({ limits: { bytesRead: 3 * MiB } });
    const value = valueOf(200 * KB);
    await insertRows(backend, numberedRows(["p"], 8, { value }), 200 * KB);
    const store = backend.kv.use<string>(["p"]);
    const count = (await backend.run((ctx) => store.getAll(ctx, []))).length;
    expect(count).toBe(8);
    const second = backend.run(async (ctx) => {
      await store.getAll(ctx, []);
      await store.getAll(ctx, []);
    });
    await kvErrorOf(second, "too_many_entries");
  });
});
