import type { Key, KeyPart, KeyValueStore, TransferOptions } from "@hamzasaleemorg/convex-kv";
import { compareValues, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { closeKey, FIXED_SEED } from "../support/keys.js";
import { insertRows } from "../support/rows.js";
import { insertExternal, valueDocuments } from "../support/values.js";

// Random trees, of which parts are moved, copied and deleted, against a model that compares keys
// part by part and knows nothing of bytes.

stopClock();

const compare = (a: Key, b: Key) => compareValues(a as Value, b as Value);
const same = (a: Key, b: Key) => compare(a, b) === 0;
const covers = (prefix: Key, key: Key) => same(prefix, key.slice(0, prefix.length));

type Model = [Key, string][];

const sorted = (model: Model) => [...model].sort(([a], [b]) => compare(a, b));
const withoutRepeats = (keys: readonly Key[]) =>
  keys.filter((key, i) => !keys.slice(i + 1).some((other) => same(other, key)));

interface Case {
  live: Key[];
  expired: Key[];
  from: Key;
  to: Key;
  kind: "move" | "copy";
  onConflict: NonNullable<TransferOptions["onConflict"]>;
}

const keys = fc.array(closeKey, { maxLength: 12 }).map(withoutRepeats);
// Of so few parts that what is moved meets what is there.
const crowdedKey = fc.array(fc.constantFrom<KeyPart>("a", "b", 1), { minLength: 1, maxLength: 3 });
const crowd = fc.array(crowdedKey, { minLength: 3, maxLength: 12 }).map(withoutRepeats);
const prefix = fc.oneof(
  { weight: 3, arbitrary: crowdedKey.map((key) => key.slice(0, 1)) },
  crowdedKey.map((key) => key.slice(0, 2)),
);
const cases: fc.Arbitrary<Case> = fc.record({
  live: fc.oneof({ weight: 3, arbitrary: crowd }, keys),
  expired: fc.array(crowdedKey, { maxLength: 3 }),
  from: prefix,
  to: prefix,
  kind: fc.constantFrom("move", "copy"),
  onConflict: fc.constantFrom("error", "overwrite", "skip"),
});

// Some of them in separate documents.
const isExternal = (i: number) => i % 3 === 0;
const valueAt = (i: number) => (isExternal(i) ? `${i}`.padEnd(18_000, "x") : `${i}`);

async function fill(backend: Backend, { live, expired }: Pick<Case, "live" | "expired">) {
  const model: Model = live.map((key, i) => [key, valueAt(i)]);
  const rows = model.map(([key, value]) => ({ key, value }));
  const gone = withoutRepeats(expired).filter((key) => !live.some((other) => same(other, key)));
  await insertExternal(
    backend,
    rows.filter((_, i) => isExternal(i)),
  );
  await insertRows(backend, [
    ...rows.filter((_, i) => !isExternal(i)),
    ...gone.map((key) => ({ key, value: "gone", expiresAt: Date.now() })),
  ]);
  return { root: backend.kv.use<string>(), model };
}

/** What a move or a copy makes of `model`, or null if it has to throw conflict. */
function transferred(model: Model, { from, to, kind, onConflict }: Case) {
  const result: Model = [...model];
  const counts = { done: 0, skipped: 0 };
  for (const [key, value] of model.filter(([key]) => covers(from, key))) {
    const image = [...to, ...key.slice(from.length)];
    const at = result.findIndex(([other]) => same(other, image));
    if (at >= 0 && onConflict === "error") return null;
    if (at >= 0 && onConflict === "skip") {
      counts.skipped++;
      continue;
    }
    if (at >= 0) result.splice(at, 1);
    if (kind === "move") {
      const place = result.findIndex(([other]) => same(other, key));
      result.splice(place, 1);
    }
    result.push([image, value]);
    counts.done++;
  }
  return { result: sorted(result), counts };
}

async function stateOf({ read }: Backend, root: KeyValueStore<string>): Promise<Model> {
  const entries = await read((ctx) => root.getAll(ctx, []));
  return entries.map(({ key, value }) => [key, value]);
}

test("a move or a copy does what the model says, and leaves no value behind", async () => {
  let conflicts = 0;
  let skipped = 0;
  let overlaps = 0;
  await fc.assert(
    fc.asyncProperty(cases, async (drawn) => {
      const backend = startBackend();
      const { root, model } = await fill(backend, drawn);
      const { from, to, kind, onConflict } = drawn;
      const call = (): Promise<unknown> =>
        backend.run<unknown>((ctx) => root[kind](ctx, from, to, { onConflict }));
      if (covers(from, to) || covers(to, from)) {
        overlaps++;
        await kvErrorOf(call(), "invalid_key");
        expect(await stateOf(backend, root)).toEqual(sorted(model));
        return;
      }
      const expected = transferred(model, drawn);
      if (expected === null) {
        conflicts++;
        await kvErrorOf(call(), "conflict");
        expect(await stateOf(backend, root)).toEqual(sorted(model));
        return;
      }
      const { result, counts } = expected;
      skipped += counts.skipped;
      expect(await call()).toEqual({
        [kind === "move" ? "movedCount" : "copiedCount"]: counts.done,
        skippedCount: counts.skipped,
        hasMore: false,
      });
      expect(await stateOf(backend, root)).toEqual(result);
      const { stored, referred } = await valueDocuments(backend);
      expect(stored).toEqual(referred);
    }),
    { seed: FIXED_SEED, numRuns: 120, unbiased: true },
  );
  // The cases are not all of one kind.
  for (const count of [conflicts, skipped, overlaps]) expect(count).toBeGreaterThan(3);
});

test("deleteAll deletes what is at and below the prefix between start and end, from either side", async () => {
  const bounds = fc.option(
    closeKey.map((key) => key.slice(0, 2)),
    { nil: undefined },
  );
  const drawn = fc.record({
    live: keys,
    prefix: fc.oneof(
      fc.constant<Key>([]),
      closeKey.map((key) => key.slice(0, 1)),
    ),
    start: bounds,
    end: bounds,
    reverse: fc.boolean(),
  });
  let deleted = 0;
  await fc.assert(
    fc.asyncProperty(drawn, async ({ live, prefix, start, end, reverse }) => {
      const backend = startBackend();
      const { root, model } = await fill(backend, { live, expired: [] });
      const goes = (key: Key) =>
        covers(prefix, key) &&
        (!start || compare([...prefix, ...start], key) <= 0) &&
        (!end || compare(key, [...prefix, ...end]) < 0);
      const left = model.filter(([key]) => !goes(key));
      const options = { start, end, reverse };
      expect(await backend.run((ctx) => root.deleteAll(ctx, prefix, options))).toEqual({
        deletedCount: model.length - left.length,
        hasMore: false,
      });
      expect(await stateOf(backend, root)).toEqual(sorted(left));
      deleted += model.length - left.length;
    }),
    { seed: FIXED_SEED, numRuns: 60, unbiased: true },
  );
  expect(deleted).toBeGreaterThan(30);
});
