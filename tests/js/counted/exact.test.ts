import type { CountedRange, Key, KeyValueStore } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { api, type AppMutationCtx, type Backend, startBackend } from "../support/backend.js";
import { runDue } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { randomOf } from "./random.js";

// Whatever is written, and by whomever: what counted stores say is what a scan finds.

stopClock();

type Random = ReturnType<typeof randomOf>;

const PREFIXES: readonly Key[] = [[], ["s"], ["s", "in"], ["s", "in", 1], ["o"]];

function randomKey({ below, pick }: Random): Key {
  const prefix = pick(PREFIXES.slice(1));
  const last = pick([below(8), below(300), `k${below(40)}`]);
  return below(12) === 0 ? prefix : [...prefix, last];
}

const valueOf = ({ below, pick }: Random) => pick([below(10), below(1_000) / 8, "text", null]);

interface Stores {
  all: KeyValueStore;
  outer: KeyValueStore;
  inner: KeyValueStore;
}

/** Something that writes, through a store of the whole or one of the counted ones. */
async function write(ctx: AppMutationCtx, random: Random, { all, outer, inner }: Stores) {
  const { below, pick } = random;
  const key = randomKey(random);
  const ttl = below(4) === 0 ? { ttl: 1_000 * (1 + below(30)) } : {};
  const many = (most: number) => Array.from({ length: 1 + below(most) }, () => randomKey(random));
  const bounds = pick([{}, { start: [below(300)] }, { end: [below(300)] }, { startsWith: "k1" }]);
  const prefix = pick(PREFIXES);
  switch (below(13)) {
    case 0:
      return await all.delete(ctx, key);
    case 1:
      return await all.deleteMany(ctx, many(30));
    case 2: {
      const entries = many(pick([4, 60, 400])).map((one) => ({
        key: one,
        value: valueOf(random),
        ...ttl,
      }));
      return await all.setMany(ctx, entries);
    }
    case 3:
      return below(3) === 0 && (await all.deleteAll(ctx, prefix, bounds));
    case 4: {
      const entries = Array.from({ length: below(20) }, (_, i) => ({
        key: [...prefix, `r${i}`],
        value: i,
      }));
      return below(4) === 0 && (await all.replaceAll(ctx, prefix, entries, bounds));
    }
    case 5:
      return await all.move(ctx, ["s", "in"], ["o"], { onConflict: "overwrite" });
    case 6:
      return await all.copy(ctx, ["o"], ["s", "c"], { onConflict: pick(["skip", "overwrite"]) });
    case 7:
      return await all.expire(ctx, key, { ttl: 1_000 * below(20) });
    case 8:
      return await all
        .atomic()
        .set(key, 3, ttl)
        .delete(randomKey(random))
        .set(key, 4)
        .take(randomKey(random))
        .commit(ctx);
    case 9:
      return await inner.set(ctx, [below(9)], below(9), ttl);
    case 10:
      return await outer.update(ctx, ["in", below(40)], () => pick([below(5), undefined]));
    case 11:
      return await outer.increment(ctx, ["n", below(3)], below(7));
    default:
      return await outer.set(ctx, key, valueOf(random), ttl);
  }
}

/** Compares what a store says of a range with what a scan finds there. */
async function compare(backend: Backend, random: Random, store: KeyValueStore, prefix: Key) {
  const { below, pick } = random;
  const part: CountedRange = pick<CountedRange>([
    {},
    { start: [below(300)] },
    { after: [below(8)], end: ["k2"] },
    { startsWith: "k" },
    { end: [below(8)] },
  ]);
  const reverse = below(2) === 0;
  await backend.read(async (ctx) => {
    const found = await store.getAll(ctx, prefix, { ...part, reverse });
    const sum = found.reduce((all, { value }) => all + (typeof value === "number" ? value : 0), 0);
    expect(await store.count(ctx, prefix, part)).toMatchObject({
      count: found.length,
      isDone: true,
    });
    expect(await store.sum(ctx, prefix, part)).toBe(sum);
    const options = { ...part, prefix, reverse };
    const n = below(found.length + 2);
    expect(await store.at(ctx, n, options)).toEqual(found[n] ?? null);
    expect(await store.at(ctx, -1 - n, options)).toEqual(found.at(-1 - n) ?? null);
    const page = await store.list(ctx, prefix, { ...part, reverse, offset: n, limit: 3 });
    expect(page.entries).toEqual(found.slice(n, n + 3));
    expect(page.isDone).toBe(n + 3 >= found.length);
    if (!page.isDone) {
      const { continueCursor: cursor } = page;
      const next = await store.list(ctx, prefix, { ...part, reverse, cursor, limit: 2 });
      expect(next.entries).toEqual(found.slice(n + 3, n + 5));
    }
    if (found.length === 0) return;
    const place = below(found.length);
    const own = found[place]!.key.slice(prefixLength(store));
    expect(await store.rank(ctx, own, options)).toBe(place);
    expect(await store.rank(ctx, ["nothing"], options)).toBe(null);
  });
}

const prefixLength = (store: KeyValueStore) => (store as unknown as { prefix: Key }).prefix.length;

describe.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i", (seed) => {
  test("counts, sums, ranks and positions are those of a scan", async () => {
    const random = randomOf(seed);
    const backend = startBackend(
      seed % 2 === 0 ? { limits: { documentsWritten: 900, documentsRead: 2_500 } } : {},
    );
    const stores: Stores = {
      all: backend.kv.use([]),
      outer: backend.kv.use(["s"], { counted: { sum: "value" } }),
      inner: backend.kv.use(["s", "in"], { counted: { sum: "value" } }),
    };
    await backend.run(async (ctx) => {
      await stores.inner.startCounting(ctx);
      await stores.outer.startCounting(ctx);
    });
    for (let step = 0; step < 60; step++) {
      await backend.run(async (ctx) => {
        try {
          await write(ctx, random, stores);
        } catch (error) {
          const { code } = (error as { data?: { code?: string } }).data ?? {};
          if (code !== "invalid_key" && code !== "invalid_value" && code !== "too_many_entries") {
            throw error;
          }
        }
      });
      if (random.below(3) === 0) await runDue(backend);
      if (random.below(6) === 0) {
        vi.advanceTimersByTime(1_000 * random.below(12));
        await runDue(backend);
      }
      if (random.below(12) === 0) await backend.run((ctx) => ctx.runMutation(api.kv.vacuum, {}));
      const [store, below] = random.pick([
        [stores.outer, []],
        [stores.outer, ["in"]],
        [stores.outer, ["in", 1]],
        [stores.inner, []],
        [stores.inner, [1]],
        [stores.outer.withPrefix(["in"]), []],
      ] as const);
      await compare(backend, random, store, below);
    }
    await runDue(backend);
  });
});
