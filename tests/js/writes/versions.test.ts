import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { FIXED_SEED } from "../support/keys.js";
import { insertRows } from "../support/rows.js";
import { stringOf } from "../support/values.js";

// Each entry has a version: another after every write, and none ever again.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);

test("all that returns entries returns their versions, and the writes that made them", async () => {
  const [a, b] = await backend.run((ctx) =>
    store().setMany(ctx, [
      { key: ["a"], value: 1 },
      { key: ["b"], value: stringOf(20_000) },
    ]),
  );
  await backend.read(async (ctx) => {
    const all = await store().getAll(ctx, []);
    expect(all.map(({ version }) => version)).toEqual([a!.version, b!.version]);
    const page = await store().list(ctx, [], { includeValues: false });
    expect(page.entries.map(({ version }) => version)).toEqual([a!.version, b!.version]);
    expect(await store().getWithMetadata(ctx, ["b"])).toMatchObject({ version: b!.version });
  });
});

test("an entry of an earlier release has one too", async () => {
  await insertRows(backend, [{ key: ["s", "a"], value: 1 }]);
  await backend.run(async (ctx) => {
    const before = await store().getWithMetadata(ctx, ["a"]);
    expect(before!.version).toMatch(/.:0$/);
    const { version } = await store().set(ctx, ["a"], 1);
    expect(version).toMatch(/.:1$/);
    expect(await store().getWithMetadata(ctx, ["a"])).toMatchObject({ version });
  });
});

test("reading changes none", async () => {
  await backend.run(async (ctx) => {
    const { version } = await store().set(ctx, ["a"], 1, { ttl: 100 });
    await store().getAll(ctx, []);
    await store().ttl(ctx, ["a"]);
    await store().set(ctx, ["a"], 2, { ifAbsent: true });
    await store().expire(ctx, ["a"], { ttl: 5, when: "later" });
    expect(await store().getWithMetadata(ctx, ["a"])).toMatchObject({ version });
  });
});

const keys = ["a", "b"];
const step = fc.record({
  kind: fc.constantFrom(
    ...(["set", "setMany", "delete", "expire", "persist", "atomic", "sum", "deleteAll"] as const),
  ),
  key: fc.constantFrom(...keys),
  ttl: fc.constantFrom(undefined, 0, 2, 50),
  large: fc.boolean(),
  passes: fc.nat(2),
});

test("none comes back, whatever is done", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
      backend.restart();
      // What was seen of each version: all of the entry, which the version stands for.
      const seen = new Map<string, string>();
      const current = new Map<string, string | undefined>();
      let now = NOW;
      for (const [i, { kind, key, ttl, large, passes }] of steps.entries()) {
        now += passes;
        vi.setSystemTime(now);
        const value = large ? stringOf(18_000 + i) : i;
        await backend.run(async (ctx) => {
          if (kind === "set") await store().set(ctx, [key], value, { ttl });
          if (kind === "setMany") {
            await store().setMany(ctx, [
              { key: [key], value, ttl },
              { key: [key], value: i },
            ]);
          }
          if (kind === "delete") await store().delete(ctx, [key]);
          if (kind === "expire") await store().expire(ctx, [key], { ttl: ttl ?? 70 });
          if (kind === "persist") await store().persist(ctx, [key]);
          if (kind === "atomic") {
            await store().atomic().delete([key]).set([key], value, { ttl }).commit(ctx);
          }
          if (kind === "sum") {
            const entry = await store().get(ctx, [key]);
            if (typeof entry !== "string") await store().increment(ctx, [key], 1);
          }
          if (kind === "deleteAll") await store().deleteAll(ctx, []);
        });
        const entries = await backend.read((ctx) => store().getAll(ctx, []));
        for (const name of keys) {
          const entry = entries.find((one) => one.key[1] === name);
          const version = entry?.version;
          if (version !== undefined) {
            const what = JSON.stringify({ ...entry, updatedAt: 0 });
            // The same version for as long as it stays, and for no other entry.
            if (version !== current.get(name)) expect(seen.has(version)).toBe(false);
            else if (name !== key) expect(seen.get(version)).toBe(what);
            seen.set(version, what);
            const writes = ["set", "setMany", "atomic"].includes(kind);
            if (name === key && writes) expect(version).not.toBe(current.get(name));
          }
          current.set(name, version);
        }
      }
    }),
    { seed: FIXED_SEED, numRuns: 20, unbiased: true },
  );
});
