import type { CommitResult, Key, SetOptions, SetResult } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { AtomicStep, Call } from "../../runtime/app/convex/carry.js";
import { Contents, type Draft, type Store } from "./contents.js";
import { covers, sameKey, textOf } from "./order.js";
import { Refused, type Told } from "./outcomes.js";

/** What calls make of single entries, and of several at once. */
export class Writes extends Contents {
  protected judgeSets(
    store: Store,
    sets: ({ key: Key; value: Value } & SetOptions)[],
    results: () => SetResult[],
  ): void {
    const steps = sets.map(({ key, value, ...options }) => ({
      do: "set" as const,
      key,
      value,
      options,
    }));
    const { written } = this.apply(store, steps);
    const told = results();
    expect(told.map((result) => result.written)).toEqual(written);
    this.judgeVersions(
      sets.map(({ key }) => key),
      told.map(({ version }) => version),
    );
  }

  protected judgeCommit(
    store: Store,
    { checks, empty = [], steps }: Extract<Call, { do: "atomic" }>,
    entryKey: (key: Key) => Key,
    told: Told,
  ): void {
    const absolute = steps.map((step) => ({ ...step, key: entryKey(step.key) }));
    const failed = checks.filter(
      ({ key, version }) => (this.at(entryKey(key))?.version ?? null) !== version,
    );
    // One that it was not told yet is no version that a check can name.
    const isUnknown = ({ key }: { key: Key }) =>
      this.at(entryKey(key)) && !this.at(entryKey(key))!.version;
    const all = checks.filter((check) => failed.includes(check) || isUnknown(check));
    const notEmpty = empty.filter((prefix) =>
      this.entries.some(({ key }) => covers([...store.prefix, ...prefix], key)),
    );
    if (all.length + notEmpty.length > 0) {
      const failed = [...all.map(({ key }) => key), ...notEmpty].map((key) => [...key]);
      const result = { ok: false, failed };
      return expect(textOf(told.result as Value)).toBe(textOf(result));
    }
    const { taken } = this.apply(store, absolute);
    const result = told.result as CommitResult;
    if (!result.ok) throw new Error("A check did not hold");
    expect(textOf(result.taken as Value)).toBe(textOf(taken));
    const isDeletion = (step: AtomicStep) => step.do === "delete" || step.do === "take";
    const writing = absolute.flatMap((step, i) =>
      isDeletion(step) ? [] : [{ key: step.key, version: result.versions[i]! }],
    );
    expect(result.versions).toHaveLength(absolute.length);
    for (const [i, step] of absolute.entries()) {
      if (isDeletion(step)) expect(result.versions[i]).toBeNull();
    }
    this.judgeVersions(
      writing.map(({ key }) => key),
      writing.map(({ version }) => version),
    );
  }

  /** Carries out steps in order, and writes each key once: which wrote, and what was taken. */
  protected apply(store: Store, steps: AtomicStep[]): { written: boolean[]; taken: Value[] } {
    const taken: Value[] = [];
    const places: { key: Key; draft: Draft | undefined; epoch: number; isChanged: boolean }[] = [];
    const kept: Draft[] = [];
    // What continues in the background takes what was there before it.
    const begun = Math.max(0, ...this.begun());
    const written = steps.map((step) => {
      let place = places.find(({ key }) => sameKey(key, step.key));
      if (!place) {
        const entry = this.at(step.key);
        place = { key: step.key, draft: entry, epoch: entry?.epoch ?? 0, isChanged: false };
        places.push(place);
      }
      if (step.do === "set" && place.draft) {
        if (step.options.ifAbsent) return false;
        const { metadata = store.metadata } = step.options as { metadata?: Value };
        const isSame =
          textOf(step.value) === textOf(place.draft.value) &&
          textOf(metadata) === textOf(place.draft.metadata);
        if (isSame && place.epoch >= begun && this.isLeft(place.draft, step.options.whenLeft)) {
          kept.push(place.draft);
          return false;
        }
      }
      if (step.do === "take") taken.push(place.draft?.value ?? null);
      place.isChanged = true;
      place.epoch = Infinity;
      const made = this.stepped(store, step, place.draft);
      place.draft = made && this.isOver(made.expiresAt) ? undefined : made;
      return true;
    });
    for (const { key, draft, isChanged } of places) if (isChanged) this.write(store, key, draft);
    for (const { expiresAt } of kept) this.setTimer(store, expiresAt);
    return { written, taken };
  }

  /** The epochs of what goes on in the background. */
  protected begun(): number[] {
    return [];
  }

  protected stepped(
    store: Store,
    step: AtomicStep,
    existing: Draft | undefined,
  ): Draft | undefined {
    if (step.do === "delete" || step.do === "take") return undefined;
    if (step.do !== "set") return this.calculated(store, step, existing);
    return this.set(store, { ...step.options, key: step.key, value: step.value }, existing);
  }

  protected set(
    store: Store,
    { key, value, ...options }: { key: Key; value: Value } & SetOptions,
    existing: Draft | undefined,
  ): Draft {
    const { metadata = store.metadata } = options as { metadata?: Value };
    const expiresAt = this.expiryOf(store, options, existing, options.keepTtl);
    return { key, value, metadata, updatedAt: this.now, expiresAt, tells: store.tells === true };
  }

  protected calculated(
    store: Store,
    { do: operation, key, by, options }: Extract<AtomicStep, { by: unknown }>,
    existing: Draft | undefined,
  ): Draft {
    const value = existing ? combine(operation, existing.value, by) : by;
    if (typeof by === "number" && !Number.isFinite(value)) throw new Refused("invalid_value");
    const { ttl, expiresAt } = options;
    const metadata = [options.metadata as Value | undefined, existing?.metadata, store.metadata];
    const keepTtl = options.keepTtl ?? (ttl === undefined && expiresAt === undefined);
    return {
      key,
      value,
      // null is metadata too.
      metadata: metadata.find((one) => one !== undefined),
      updatedAt: this.now,
      expiresAt: this.expiryOf(store, options, existing, keepTtl),
      tells: store.tells ?? existing?.tells ?? false,
    };
  }

  protected expiryOf(
    store: Store,
    { expiresAt, ...options }: SetOptions,
    existing: Draft | undefined,
    keepTtl: SetOptions["keepTtl"],
  ): number | undefined {
    const ofStore = expiresAt === undefined ? (store.ttl ?? store.sliding?.ttl) : undefined;
    const { ttl = ofStore } = options;
    const given = ttl === undefined ? expiresAt : this.now + ttl;
    const expiry = given === Infinity ? undefined : given;
    if (existing && keepTtl === "ifSet") return existing.expiresAt ?? expiry;
    return existing && keepTtl ? existing.expiresAt : expiry;
  }
}

function combine(operation: string, stored: Value, by: number | bigint): number | bigint {
  if (typeof stored !== typeof by) throw new Refused("invalid_value");
  if (typeof stored === "bigint" && typeof by === "bigint") {
    const sum = {
      sum: stored + by,
      min: by < stored ? by : stored,
      max: by > stored ? by : stored,
    }[operation]!;
    if (sum !== BigInt.asIntN(64, sum)) throw new Refused("invalid_value");
    return sum;
  }
  const [a, b] = [stored as number, by as number];
  return { sum: a + b, min: Math.min(a, b), max: Math.max(a, b) }[operation]!;
}
