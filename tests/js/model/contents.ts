import type { ExpiredEntry, Key } from "@hamzasaleemorg/convex-kv";
import { getConvexSize, type Value } from "convex/values";
import { expect } from "vitest";
import type { Scan, StoreCall } from "../../runtime/app/convex/carry.js";
import { compareKeys, sameKey, textOf } from "./order.js";
import { walkOf } from "./scans.js";

export interface Entry {
  key: Key;
  value: Value;
  metadata: Value | undefined;
  updatedAt: number;
  expiresAt: number | undefined;
  /** Whether it is told when it has expired. */
  tells: boolean;
  /** undefined: not told yet. It has to be a new one. */
  version: string | undefined;
  /** How many background jobs had started when it was written. */
  epoch: number;
}

export type Store = StoreCall["store"];
/** An entry as a call makes it. */
export type Draft = Omit<Entry, "version" | "epoch">;

/** The entries of the model, and what is told of them. */
export class Contents {
  /** The live ones, in order. */
  entries: Entry[] = [];

  /** Those that have expired, and may still be in the table. */
  dead: Entry[] = [];

  /**
   * What deletions under way have taken, and the job of each: nobody sees it, and it may still be
   * in the table.
   */
  taken: (Entry & { job: string })[] = [];

  /** Those that have expired of which a handler is to be told, and those of which it may be. */
  toTell: Entry[] = [];
  mayTell: Entry[] = [];

  /** When timers are to fire. */
  timers = new Set<number>();

  private versions = new Set<string>();
  /** How many background jobs have started that entries are stamped for. */
  protected epoch = 0;

  constructor(public now: number) {}

  /** Another with the same in it. */
  copy(): this {
    const copied = Object.entries(this).map(([name, value]: [string, unknown]) => [
      name,
      copyOf(value),
    ]);
    const copy = Object.create(Object.getPrototypeOf(this) as object) as this;
    return Object.assign(copy, Object.fromEntries(copied));
  }

  at(key: Key): Entry | undefined {
    return this.entries.find((entry) => sameKey(entry.key, key));
  }

  protected selected(store: Store, scan: Scan): Entry[] {
    const walk = walkOf(store.prefix, scan);
    const covered = this.entries.filter(({ key }) => walk.covers(key));
    return covered.sort((a, b) => walk.compare(a.key, b.key));
  }

  protected write(store: Store, key: Key, draft: Draft | undefined, epoch = this.epoch): void {
    this.remove(key);
    if (!draft || this.isOver(draft.expiresAt)) return;
    const { value, metadata, updatedAt, expiresAt, tells } = draft;
    this.put({ key, value, metadata, updatedAt, expiresAt, tells, version: undefined, epoch });
    this.setTimer(store, expiresAt);
  }

  protected setTimer(store: Store, expiresAt: number | undefined): void {
    if (!store.exact || expiresAt === undefined) return;
    this.timers.add(Math.ceil(expiresAt / 1_000) * 1_000);
  }

  /** Whether so much time is left of an entry that it stays as it is. */
  protected isLeft({ expiresAt = Infinity }: Draft, whenLeft: number | undefined): boolean {
    return whenLeft !== undefined && expiresAt - this.now >= whenLeft;
  }

  protected put(entry: Entry): void {
    this.remove(entry.key);
    this.entries.push(entry);
    this.entries.sort((a, b) => compareKeys(a.key, b.key));
  }

  protected remove(key: Key): void {
    this.entries = this.entries.filter((entry) => !sameKey(entry.key, key));
    this.dead = this.dead.filter((entry) => !sameKey(entry.key, key));
    this.taken = this.taken.filter((entry) => !sameKey(entry.key, key));
  }

  /** Checks what a handler was told since it was asked last. Nothing is told twice. */
  judgeTold(told: readonly ExpiredEntry[]): void {
    for (const one of told) {
      const text = textOf(one as unknown as Value);
      const list = [this.toTell, this.mayTell].find((list) =>
        list.some((it) => toldOf(it) === text),
      );
      expect(list, `told, and not to be: ${text}`).toBeDefined();
      list!.splice(
        list!.findIndex((it) => toldOf(it) === text),
        1,
      );
    }
    expect(this.toTell, "not told").toEqual([]);
  }

  protected isOver(expiresAt: number | undefined): boolean {
    return expiresAt !== undefined && expiresAt <= this.now;
  }

  protected judgeEntry(told: unknown, entry: Entry, isWithValue: boolean): void {
    const { version, ...rest } = told as { version: string };
    this.learn(entry, version);
    const { key, value, metadata, updatedAt, expiresAt } = entry;
    const expected = {
      key: [...key],
      metadata,
      updatedAt,
      expiresAt,
      ...(isWithValue && { value }),
    };
    expect(textOf(rest as Value)).toBe(textOf(expected as Value));
  }

  protected judgeEntries(told: unknown, entries: Entry[], areWithValues: boolean): void {
    const found = told as Entry[];
    expect(textOf(found.map(({ key }) => key) as Value)).toBe(
      textOf(entries.map(({ key }) => key) as Value),
    );
    for (const [i, entry] of entries.entries()) this.judgeEntry(found[i], entry, areWithValues);
  }

  protected judgeVersions(keys: Key[], versions: (string | null)[]): void {
    for (const [i, key] of keys.entries()) {
      const entry = this.at(key);
      if (entry) this.learn(entry, versions[i]!);
      else expect(versions[i]).toBeNull();
    }
  }

  /** A version that is new is one that nothing ever had. */
  protected learn(entry: Entry, version: string | null): void {
    if (entry.version === undefined) {
      expect(version).toEqual(expect.any(String));
      expect(this.versions.has(version!), `the version ${version} came back`).toBe(false);
      this.versions.add(version!);
      entry.version = version!;
    }
    expect(version).toBe(entry.version);
  }
}

/** What is told of an entry: values over 16 KiB are not. */
function toldOf({ key, value, metadata, expiresAt }: Entry): string {
  const isTold = getConvexSize(value) <= 16 << 10;
  return textOf({ key: [...key], ...(isTold && { value }), metadata, expiresAt } as Value);
}

/** Of lists and sets, and of the objects in a list. */
function copyOf(value: unknown): unknown {
  if (value instanceof Set) return new Set(value);
  if (!Array.isArray(value)) return value;
  return value.map((one: unknown) => (typeof one === "object" ? { ...one } : one));
}
