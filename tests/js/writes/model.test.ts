import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { startBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { FIXED_SEED } from "../support/keys.js";
import { insertRows } from "../support/rows.js";
import { stringOf, valueDocuments } from "../support/values.js";

// Random commits, against a model that does what the documentation says with a Map.

stopClock();

interface Entry {
  value: unknown;
  metadata?: unknown;
  expiresAt?: number;
}

const key = fc.constantFrom("a", "b", "c");
const large = { small: 5, large: stringOf(20_000), bigint: 3n } as const;
const options = fc.record({
  ttl: fc.constantFrom(undefined, undefined, 0, 2, 60),
  metadata: fc.constantFrom(undefined, undefined, null, "m"),
  keepTtl: fc.constantFrom(undefined, true, false),
});
const operation = fc.oneof(
  fc.record({
    type: fc.constant("set" as const),
    key,
    value: fc.constantFrom<keyof typeof large>("small", "small", "large", "bigint"),
    ifAbsent: fc.constantFrom(undefined, true),
    options,
  }),
  fc.record({ type: fc.constant("delete" as const), key }),
  fc.record({
    type: fc.constantFrom("sum" as const, "min" as const, "max" as const),
    key,
    n: fc.constantFrom<number | bigint>(1, -4, 7.5, 2, 2n),
    options,
  }),
);
const commits = fc.array(
  fc.record({
    operations: fc.array(operation, { maxLength: 7 }),
    checks: fc.array(fc.record({ key, holds: fc.constantFrom(true, true, true, false) }), {
      maxLength: 3,
    }),
    passes: fc.nat(3),
  }),
  { minLength: 1, maxLength: 10 },
);
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never;

class Refused extends Error {}

/** What an operation makes of an entry. */
function modelOf(existing: Entry | undefined, one: Operation, now: number): Entry | undefined {
  if (one.type === "delete") return undefined;
  const { ttl, metadata, keepTtl } = one.options;
  const given = ttl === undefined ? undefined : now + ttl;
  if (one.type === "set") {
    if (existing && one.ifAbsent) return existing;
    const expiresAt = existing && keepTtl ? existing.expiresAt : given;
    return { value: large[one.value], metadata, expiresAt };
  }
  let value: unknown = one.n;
  if (existing) {
    if (typeof existing.value !== typeof one.n) throw new Refused();
    const [a, b] = [existing.value, one.n] as [number, number];
    value = { sum: a + b, min: a < b ? a : b, max: a < b ? b : a }[one.type];
  }
  const keeps = keepTtl ?? ttl === undefined;
  return {
    value,
    metadata: metadata === undefined ? existing?.metadata : metadata,
    expiresAt: existing && keeps ? existing.expiresAt : given,
  };
}

const isLive = (entry: Entry | undefined, now: number) =>
  entry !== undefined && (entry.expiresAt === undefined || entry.expiresAt > now);

test("commits do what the model does", async () => {
  const seen = { ok: 0, failed: 0, refused: 0 };
  await fc.assert(
    fc.asyncProperty(commits, async (sequence) => {
      const backend = startBackend();
      const store = backend.kv.use<unknown>(["s"]);
      let model = new Map<string, Entry>([["a", { value: 1, expiresAt: NOW + 2 }]]);
      await insertRows(backend, [{ key: ["s", "a"], value: 1, expiresAt: NOW + 2 }]);
      let now = NOW;
      for (const { operations, checks, passes } of sequence) {
        now += passes;
        vi.setSystemTime(now);
        for (const [name, entry] of model) if (!isLive(entry, now)) model.delete(name);
        const entries = await backend.read((ctx) => store.getAll(ctx, []));
        const versions = new Map(entries.map(({ key, version }) => [key[1] as string, version]));

        const builder = store.atomic();
        for (const { key, holds } of checks) {
          const version = versions.get(key) ?? null;
          builder.check([key], holds ? version : version === null ? "none" : `${version}0`);
        }
        for (const one of operations) {
          if (one.type === "delete") builder.delete([one.key]);
          else if (one.type === "set") {
            builder.set([one.key], large[one.value], { ...one.options, ifAbsent: one.ifAbsent });
          } else builder[one.type]([one.key], one.n, one.options);
        }
        const failed = checks.filter(({ holds }) => !holds).map(({ key }) => [key]);
        const next = new Map(model);
        let refused = false;
        try {
          for (const one of operations) {
            const entry = modelOf(next.get(one.key), one, now);
            if (entry && isLive(entry, now)) next.set(one.key, entry);
            else next.delete(one.key);
          }
        } catch (error) {
          if (!(error instanceof Refused)) throw error;
          refused = true;
        }

        const commit = backend.run((ctx) => builder.commit(ctx));
        if (failed.length > 0) {
          expect(await commit).toEqual({ ok: false, failed });
          seen.failed += 1;
        } else if (refused) {
          await expect(commit).rejects.toMatchObject({ data: { code: "invalid_value" } });
          seen.refused += 1;
        } else {
          const result = await commit;
          model = next;
          seen.ok += 1;
          const after = await backend.read((ctx) => store.getAll(ctx, []));
          const now = new Map(after.map(({ key, version }) => [key[1] as string, version]));
          const expected = operations.map(({ type, key }) =>
            type === "delete" ? null : (now.get(key) ?? null),
          );
          // A past expiry may leave an operation nothing, if a later one writes the key again.
          if (result.ok) expect(result.versions).toEqual(expected);
        }
        const after = await backend.read((ctx) => store.getAll(ctx, []));
        const found = after.map(({ key, value, metadata, expiresAt }) => [
          key[1],
          { value, metadata: metadata as unknown, expiresAt },
        ]);
        const wanted = [...model].map(([name, { value, metadata, expiresAt }]) => [
          name,
          { value, metadata, expiresAt },
        ]);
        expect(found).toEqual(wanted.sort(([a], [b]) => ((a as string) < (b as string) ? -1 : 1)));
        const { stored, referred } = await valueDocuments(backend);
        expect(stored).toEqual(referred);
      }
    }),
    { seed: FIXED_SEED, numRuns: 40, unbiased: true },
  );
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(20);
});
