import { describe, expect, test, vi } from "vitest";
import { api, type AppMutationCtx, useBackend } from "../support/backend.js";
import { passTime, runDue } from "../support/background.js";
import { stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { loseCalls } from "../support/restore.js";
import { randomOf } from "./random.js";

// A call that writes entries in many leaves has its changes wait in the branches. What is read is
// the same.

stopClock();

const backend = useBackend();
/** In 19 leaves. */
const ENTRIES = 2_400;
const outer = () => backend.kv.use<number>(["n"], { counted: { sum: "value" } });
const inner = () => backend.kv.use<number>(["n", "in"], { counted: true });
const all = () => backend.kv.use<number>(["n"]);

/** The branches that have asked for something to be done. */
const asking = () =>
  backend.inside(async ({ db }) => {
    const rows = await db.query("countedBranches").collect();
    return rows.filter(({ askedAt }) => askedAt !== undefined).length;
  });

async function fill(): Promise<void> {
  const entries = Array.from({ length: ENTRIES }, (_, i) => ({ key: ["in", i * 10], value: 1 }));
  await backend.run((ctx) => inner().startCounting(ctx));
  await backend.run((ctx) => outer().setMany(ctx, entries));
  await runDue(backend);
  expect(await asking()).toBe(0);
}

/** Of every `step`-th of these places. */
const keysAt = (step: number, offset: number) =>
  Array.from({ length: ENTRIES / step }, (_, i) => ["in", i * step * 10 + offset]);

describe("what is buffered", () => {
  test.for([1, 2, 3])(
    "counts as if it were not, whatever is written beside it: seed %i",
    async (seed) => {
      await fill();
      const random = randomOf(seed);
      const { below, pick } = random;
      const model = new Map<number, number>();
      for (let i = 0; i < ENTRIES; i++) model.set(i * 10, 1);
      const write = async (ctx: AppMutationCtx, kind: number) => {
        const keys = keysAt(pick([40, 60]), below(4) * 5).map(([, place]) => place as number);
        const [from, to] = [below(ENTRIES * 10), below(ENTRIES * 10)].sort((a, b) => a - b);
        const value = below(9);
        switch (kind) {
          case 0: {
            await all().deleteAll(ctx, ["in"], { start: [from!], end: [to!] });
            for (const key of model.keys()) if (key >= from! && key < to!) model.delete(key);
            return;
          }
          case 1:
          case 2: {
            await all().deleteMany(
              ctx,
              keys.map((key) => ["in", key]),
            );
            for (const key of keys) model.delete(key);
            return;
          }
          case 3: {
            await all().set(ctx, ["in", from!], value);
            model.set(from!, value);
            return;
          }
          default: {
            await all().setMany(
              ctx,
              keys.map((key) => ({ key: ["in", key], value })),
            );
            for (const key of keys) model.set(key, value);
            return;
          }
        }
      };
      let asked = 0;
      for (let i = 0; i < 6; i++) {
        await backend.run((ctx) => write(ctx, i === 0 ? 6 : below(7)));
        asked = Math.max(asked, await asking());
        await backend.read(async (ctx) => {
          const [from, to] = [below(ENTRIES * 10), below(ENTRIES * 10)].sort((a, b) => a - b);
          const there = [...model].sort(([a], [b]) => a - b);
          const within = there.filter(([key]) => key >= from! && key < to!);
          const range = { start: [from!], end: [to!] };
          expect(await outer().count(ctx)).toMatchObject({ count: there.length });
          expect(await inner().count(ctx, [], range)).toMatchObject({ count: within.length });
          const sum = within.reduce((total, [, value]) => total + value, 0);
          expect(await outer().sum(ctx, ["in"], range)).toBe(sum);
          const index = below(there.length);
          const [key, value] = there[index]!;
          expect(await inner().at(ctx, index)).toMatchObject({ key: ["n", "in", key], value });
          expect(await inner().rank(ctx, [key])).toBe(index);
        });
        if (below(4) === 0) await runDue(backend);
      }
      expect(asked).toBeGreaterThan(0);
      await runDue(backend);
      expect(await asking()).toBe(0);
      await backend.read(async (ctx) => {
        expect(await inner().count(ctx)).toMatchObject({ count: model.size });
      });
    },
  );

  test("is made in the leaves though the call for it is lost: by a vacuum a minute later", async () => {
    await fill();
    await backend.run((ctx) =>
      all().setMany(
        ctx,
        keysAt(40, 5).map((key) => ({ key, value: 2 })),
      ),
    );
    expect(await asking()).toBeGreaterThan(0);
    await loseCalls(backend, "removed");
    await passTime(backend, 30_000);
    const vacuum = () => backend.run((ctx) => ctx.runMutation(api.kv.vacuum, {}));
    await vacuum();
    await runDue(backend);
    expect(await asking()).toBeGreaterThan(0);
    vi.advanceTimersByTime(31_000);
    await vacuum();
    await runDue(backend);
    expect(await asking()).toBe(0);
  });

  test("is not what expires within a minute: its leaves are changed at once", async () => {
    await fill();
    const entries = keysAt(40, 5).map((key) => ({ key, value: 2, ttl: 59_000 }));
    await backend.run((ctx) => all().setMany(ctx, entries));
    await runDue(backend);
    await backend.run((ctx) => all().setMany(ctx, entries));
    expect(await asking()).toBe(0);
  });
});

test("a store's own numbers are known of what it writes over", async () => {
  const points = backend.kv.use<string>(["n"], { counted: { sum: (value) => value.length } });
  const entries = Array.from({ length: ENTRIES }, (_, i) => ({ key: [i], value: "one" }));
  await backend.run((ctx) => points.setMany(ctx, entries));
  await runDue(backend);
  const some = entries.filter((_, i) => i % 40 === 0);
  await backend.run((ctx) =>
    points.setMany(
      ctx,
      some.map(({ key }) => ({ key, value: "three" })),
    ),
  );
  expect(await asking()).toBeGreaterThan(0);
  await backend.read(async (ctx) => {
    expect(await points.sum(ctx)).toBe(3 * ENTRIES + 2 * some.length);
  });
  // Another store does not know what the function makes of a value.
  await backend.run((ctx) =>
    kvErrorOf(
      all().setMany(
        ctx,
        some.map(({ key }) => ({ key, value: 1 })),
      ),
      "not_summable",
    ),
  );
  await backend.run((ctx) =>
    all().deleteMany(
      ctx,
      some.map(({ key }) => key),
    ),
  );
  await backend.read(async (ctx) => {
    expect(await points.sum(ctx)).toBe(3 * (ENTRIES - some.length));
  });
});
