import type {
  CommitResult,
  DeleteAllResult,
  Key,
  SetOptions,
  SetResult,
} from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { AtomicStep, Call, Outcome, Scan, StoreCall } from "../../runtime/app/convex/carry.js";
import { compareKeys, covers, sameKey, textOf } from "./order.js";
import {
  afterPosition,
  childrenOf,
  type Position,
  upToPosition,
  type Walk,
  walkOf,
} from "./scans.js";

// What the documentation says of every call, with a list of entries and nothing of the product's code.
// It is asked after the call: what only the product can know, such as versions, it learns then.

export interface Entry {
  key: Key;
  value: Value;
  metadata: Value | undefined;
  updatedAt: number;
  expiresAt: number | undefined;
  /** undefined: not told yet. It has to be a new one. */
  version: string | undefined;
  /** How many background jobs had started when it was written. */
  epoch: number;
}

interface Job {
  id: string;
  kind: "delete" | "sweep" | "move" | "copy";
  /** What it works on. */
  prefixes: Key[];
  scan?: Scan;
  onConflict?: string;
  /** The last source that it had done when it was called. */
  after?: Key;
  epoch: number;
  state: "running" | "done" | "replaced" | "failed";
  deleted: number;
  transferred: number;
  skipped: number;
  startedAt: number;
  endedAt?: number;
  error?: string;
}

/** What came of a call. To ask for the result of one that was refused is a failure. */
class Told {
  constructor(private readonly outcome: Outcome) {}

  get isRefused(): boolean {
    return "refused" in this.outcome;
  }

  get result(): unknown {
    if ("refused" in this.outcome) throw new Error(`It was refused: ${this.outcome.refused}`);
    return this.outcome.result;
  }
}

/** A cursor that was given, with the scan that gave it. */
export interface Cursor {
  text: string;
  at: Position;
  store: Store;
  of: "entries" | "children";
  scan: Scan;
}

class Refused extends Error {
  constructor(readonly code: string) {
    super(code);
  }
}

type Store = StoreCall["store"];
type Draft = Omit<Entry, "version" | "epoch">;
type Transfer = Extract<Call, { onConflict: string }>;

const DAY = 24 * 60 * 60_000;

export class Model {
  /** The live ones, in order. */
  entries: Entry[] = [];
  /** Those that have expired, and may still be in the table. */
  dead: Entry[] = [];
  /** When timers are to ring. */
  timers = new Set<number>();
  jobs: Job[] = [];
  cursors: Cursor[] = [];
  private versions = new Set<string>();

  constructor(public now: number) {}

  copy(): Model {
    const copy = new Model(this.now);
    copy.entries = this.entries.map((entry) => ({ ...entry }));
    copy.dead = [...this.dead];
    copy.timers = new Set(this.timers);
    copy.jobs = this.jobs.map((job) => ({ ...job }));
    copy.cursors = [...this.cursors];
    copy.versions = new Set(this.versions);
    return copy;
  }

  at(key: Key): Entry | undefined {
    return this.entries.find((entry) => sameKey(entry.key, key));
  }

  /** What goes on in the background. */
  get running(): Job[] {
    return this.jobs.filter(({ state }) => state === "running");
  }

  /** Checks what came of a call, and does it. */
  judge({ store, call }: StoreCall, outcome: Outcome): void {
    const before = this.copy();
    try {
      this.make(store, call, new Told(outcome));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      Object.assign(this, before);
      expect(outcome).toEqual({ refused: error.code });
    }
  }

  /** Checks all that there is, as `getAll` of the root tells of it. */
  judgeAll(entries: unknown): void {
    this.judgeEntries(entries, this.entries, true);
  }

  /** What goes on in the background comes to its end. */
  rest(): void {
    for (const job of this.running) this.finish(job);
  }

  /** Time passes, when nothing is left to do. */
  pass(milliseconds: number): void {
    this.rest();
    this.now += milliseconds;
    const isLive = ({ expiresAt }: Entry) => expiresAt === undefined || expiresAt > this.now;
    this.dead.push(...this.entries.filter((entry) => !isLive(entry)));
    this.entries = this.entries.filter(isLive);
    for (const at of this.timers) {
      if (at > this.now) continue;
      this.timers.delete(at);
      this.dead = this.dead.filter(({ expiresAt }) => expiresAt! > at || expiresAt! <= at - 1_000);
    }
  }

  private make(store: Store, call: Call, told: Told): void {
    const absolute = (key: Key): Key => [...store.prefix, ...key];
    const entryKey = (key: Key): Key => {
      if (absolute(key).length === 0) throw new Refused("invalid_key");
      return absolute(key);
    };
    const same = (expected: unknown) =>
      expect(textOf(told.result as Value)).toBe(textOf(expected as Value));
    switch (call.do) {
      case "get":
        return same(this.at(entryKey(call.key))?.value ?? null);
      case "getWithMetadata": {
        const entry = this.at(entryKey(call.key));
        return entry ? this.judgeEntry(told.result, entry, true) : same(null);
      }
      case "has":
        return same(this.at(entryKey(call.key)) !== undefined);
      case "ttl": {
        const entry = this.at(entryKey(call.key));
        return same(entry?.expiresAt === undefined ? null : entry.expiresAt - this.now);
      }
      case "getMany":
        return same(call.keys.map(entryKey).map((key) => this.at(key)?.value ?? null));
      case "list":
      case "keys":
      case "paginate":
      case "count":
      case "children":
        return this.judgePage(store, call.do, call.scan, told);
      case "getAll":
        return this.judgeEntries(
          told.result,
          this.selected(store, call.scan),
          withValues(call.scan),
        );
      case "first":
      case "last": {
        const entry = this.selected(store, call.scan).at(call.do === "first" ? 0 : -1);
        return entry ? this.judgeEntry(told.result, entry, withValues(call.scan)) : same(null);
      }
      case "entries":
        return this.judgeEntries(
          told.result,
          this.selected(store, call.scan),
          withValues(call.scan),
        );
      case "job":
        return this.judgeJob(store, call.id, told.result);
      case "set":
        return this.judgeSets(
          store,
          [{ ...call.options, key: entryKey(call.key), value: call.value }],
          () => [told.result as SetResult],
        );
      case "setMany": {
        const entries = call.entries.map((entry) => ({ ...entry, key: entryKey(entry.key) }));
        return this.judgeSets(store, entries, () => told.result as SetResult[]);
      }
      case "delete":
        this.remove(entryKey(call.key));
        return same(null);
      case "deleteMany":
        for (const key of call.keys.map(entryKey)) this.remove(key);
        return same(null);
      case "increment": {
        const key = entryKey(call.key);
        const draft = this.calculated(store, { ...call, do: "sum", key }, this.at(key));
        this.write(store, key, draft);
        return same(draft.value);
      }
      case "update": {
        const key = entryKey(call.key);
        const entry = this.at(key);
        const { ttl, expiresAt, metadata = entry?.metadata } = call.options;
        const keepTtl = call.options.keepTtl ?? (ttl === undefined && expiresAt === undefined);
        const options = { ...call.options, metadata: metadata as Value, keepTtl };
        this.write(store, key, this.set(store, { ...options, key, value: call.to }, entry));
        return same({ seen: entry?.value ?? null, made: call.to });
      }
      case "expire": {
        const key = entryKey(call.key);
        const entry = this.at(key);
        const { ttl, when = "always" } = call.options;
        const next = this.now + ttl!;
        const current = entry?.expiresAt ?? Infinity;
        const mayBe = {
          always: true,
          ifUnset: current === Infinity,
          ifSet: current !== Infinity,
          later: next > current,
          sooner: next < current,
        }[when];
        if (!entry || !mayBe) return same(false);
        this.write(store, key, { ...entry, expiresAt: next }, entry.epoch);
        return same(true);
      }
      case "persist": {
        const key = entryKey(call.key);
        const entry = this.at(key);
        if (entry?.expiresAt === undefined) return same(false);
        this.write(store, key, { ...entry, expiresAt: undefined }, entry.epoch);
        return same(true);
      }
      case "atomic":
        return this.judgeCommit(store, call, entryKey, told);
      case "deleteAll":
        return this.judgeDeletion(store, call.scan, told.result as DeleteAllResult);
      case "move":
      case "copy":
        return this.judgeTransfer(store, call, told);
      case "vacuum": {
        const { count, jobId } = told.result as { count: number; jobId?: string };
        const isSweeping = this.running.some(({ kind }) => kind === "sweep");
        expect(count).toBeLessThanOrEqual(isSweeping ? 0 : this.dead.length);
        if (jobId !== undefined)
          this.start({ id: jobId, kind: "sweep", prefixes: [[]] }, { deleted: count });
        else if (!isSweeping) this.dead = [];
        return;
      }
    }
  }

  private selected(store: Store, scan: Scan): Entry[] {
    const walk = walkOf(store.prefix, scan);
    const covered = this.entries.filter(({ key }) => walk.covers(key));
    return covered.sort((a, b) => walk.compare(a.key, b.key));
  }

  private judgeEntry(told: unknown, entry: Entry, isWithValue: boolean): void {
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

  private judgeEntries(told: unknown, entries: Entry[], areWithValues: boolean): void {
    const found = told as Entry[];
    expect(textOf(found.map(({ key }) => key) as Value)).toBe(
      textOf(entries.map(({ key }) => key) as Value),
    );
    for (const [i, entry] of entries.entries()) this.judgeEntry(found[i], entry, areWithValues);
  }

  /** A version that is new is one that nothing ever had. */
  private learn(entry: Entry, version: string | null): void {
    if (entry.version === undefined) {
      expect(version).toEqual(expect.any(String));
      expect(this.versions.has(version!), `the version ${version} came back`).toBe(false);
      this.versions.add(version!);
      entry.version = version!;
    }
    expect(version).toBe(entry.version);
  }

  private judgePage(
    store: Store,
    what: "list" | "keys" | "paginate" | "count" | "children",
    scan: Scan,
    told: Told,
  ): void {
    const walk = walkOf(store.prefix, scan);
    const of = what === "children" ? "children" : "entries";
    const from = this.positionOf(scan.cursor, walk, of);
    const until = this.positionOf(scan.endCursor, walk, of);
    const keys = this.selected(store, scan).map(({ key }) => key);
    const limit = scan.limit ?? (what === "count" ? Infinity : 100);
    const answer = pageOf(what, told.result);
    const candidates = afterPosition(walk, keys, from).flatMap((rest) => {
      const pages: Candidate[] = [];
      if (until) {
        for (const page of upToPosition(walk, rest, until)) {
          pages.push({ shown: page, isDone: false, last: until.last, next: until.next });
        }
      } else if (of === "children") {
        pages.push(childrenPage(walk, keys, rest, limit));
      } else {
        const [last, next] = [rest[Math.min(limit, rest.length) - 1], rest[limit]];
        pages.push({ shown: rest.slice(0, limit), isDone: next === undefined, last, next });
      }
      return pages;
    });
    const texts = candidates.map(({ shown, isDone }) =>
      textOf({ shown: what === "count" ? shown.length : (shown as Value), isDone }),
    );
    const text = textOf({ shown: answer.shown, isDone: answer.isDone });
    expect(texts, `${what} of ${walk.identity(of)}`).toContain(text);
    if (answer.entries) {
      const shown = (answer.shown as Key[]).map((key) => this.at(key)!);
      this.judgeEntries(answer.entries, shown, what === "keys" ? false : withValues(scan));
    }
    if (answer.isDone) return expect(answer.cursor).toBe("");
    if (until) return expect(answer.cursor).toBe(scan.endCursor);
    // Where several candidates look alike, the cursor may stand where any of them ends.
    const alike = candidates.filter((_, i) => texts[i] === text);
    const lasts = alike.map(({ last }) => last!).sort(walk.compare);
    const nexts = alike.map(({ next }) => next!).sort(walk.compare);
    const lastIsChild = of === "children";
    const belongsTo = walk.identity(of);
    const at = { belongsTo, last: lasts[0]!, lastIsChild, next: nexts.at(-1)! };
    this.cursors.push({ text: answer.cursor, at, store, of, scan });
  }

  private positionOf(cursor: string | undefined, walk: Walk, of: Cursor["of"]): Position | null {
    if (cursor === undefined) return null;
    const own = this.cursors
      .filter(({ text, at }) => text === cursor && at.belongsTo === walk.identity(of))
      .map(({ at }) => at);
    if (own.length === 0) throw new Refused("invalid_cursor");
    // The same text may have been given twice, with other entries around it.
    const lasts = own.map(({ last }) => last).sort(walk.compare);
    const nexts = own.map(({ next }) => next).sort(walk.compare);
    return { ...own[0]!, last: lasts[0]!, next: nexts.at(-1)! };
  }

  private judgeJob(store: Store, id: string, told: unknown): void {
    const job = this.jobs.find((job) => job.id === id);
    const isTold =
      job !== undefined &&
      job.prefixes.every((key) => covers(store.prefix, key)) &&
      (job.endedAt === undefined || job.endedAt >= this.now - DAY);
    if (!isTold) return expect(told).toBeNull();
    const { kind, state, transferred, skipped, startedAt, endedAt, error } = job;
    expect(told).toEqual({
      ...{ kind, state, transferred, skipped, startedAt },
      failures: 0,
      // A sweep deletes what nobody sees.
      deleted: kind === "sweep" ? expect.any(Number) : job.deleted,
      ...(endedAt !== undefined && { endedAt }),
      ...(error !== undefined && { error: { code: error, message: expect.any(String) } }),
    });
  }

  private set(
    { metadata: ofStore }: Store,
    { key, value, ...options }: { key: Key; value: Value } & SetOptions,
    existing: Draft | undefined,
  ): Draft {
    const { metadata = ofStore } = options as { metadata?: Value };
    const expiresAt = this.expiryOf(options, existing, options.keepTtl);
    return { key, value, metadata, updatedAt: this.now, expiresAt };
  }

  private expiryOf(
    { ttl, expiresAt }: SetOptions,
    existing: Draft | undefined,
    keepTtl: boolean | undefined,
  ): number | undefined {
    if (existing && keepTtl) return existing.expiresAt;
    return ttl === undefined ? expiresAt : this.now + ttl;
  }

  private calculated(
    { metadata: ofStore }: Store,
    { do: operation, key, by, options }: Extract<AtomicStep, { by: unknown }>,
    existing: Draft | undefined,
  ): Draft {
    const value = existing ? combine(operation, existing.value, by) : by;
    if (typeof by === "number" && !Number.isFinite(value)) throw new Refused("invalid_value");
    const { ttl, expiresAt } = options;
    const metadata = [options.metadata as Value | undefined, existing?.metadata, ofStore];
    const keepTtl = options.keepTtl ?? (ttl === undefined && expiresAt === undefined);
    return {
      key,
      value,
      // null is metadata too.
      metadata: metadata.find((one) => one !== undefined),
      updatedAt: this.now,
      expiresAt: this.expiryOf(options, existing, keepTtl),
    };
  }

  private judgeSets(
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
    const written = this.apply(store, steps);
    const told = results();
    expect(told.map((result) => result.written)).toEqual(written);
    this.judgeVersions(
      sets.map(({ key }) => key),
      told.map(({ version }) => version),
    );
  }

  private judgeCommit(
    store: Store,
    { checks, steps }: Extract<Call, { do: "atomic" }>,
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
    if (all.length > 0) {
      const result = { ok: false, failed: all.map(({ key }) => [...key]) };
      return expect(textOf(told.result as Value)).toBe(textOf(result));
    }
    this.apply(store, absolute);
    const result = told.result as CommitResult;
    if (!result.ok) throw new Error("A check did not hold");
    const writing = absolute.flatMap(({ do: what, key }, i) =>
      what === "delete" ? [] : [{ key, version: result.versions[i]! }],
    );
    expect(result.versions).toHaveLength(absolute.length);
    for (const [i, step] of absolute.entries()) {
      if (step.do === "delete") expect(result.versions[i]).toBeNull();
    }
    this.judgeVersions(
      writing.map(({ key }) => key),
      writing.map(({ version }) => version),
    );
  }

  private judgeVersions(keys: Key[], versions: (string | null)[]): void {
    for (const [i, key] of keys.entries()) {
      const entry = this.at(key);
      if (entry) this.learn(entry, versions[i]!);
      else expect(versions[i]).toBeNull();
    }
  }

  /** Carries out steps in order, and writes each key once. Tells which wrote. */
  private apply(store: Store, steps: AtomicStep[]): boolean[] {
    const places: { key: Key; draft: Draft | undefined; isChanged: boolean }[] = [];
    const written = steps.map((step) => {
      let place = places.find(({ key }) => sameKey(key, step.key));
      if (!place)
        places.push((place = { key: step.key, draft: this.at(step.key), isChanged: false }));
      if (step.do === "set" && step.options.ifAbsent && place.draft) return false;
      place.isChanged = true;
      const made = this.stepped(store, step, place.draft);
      place.draft = made && this.isOver(made.expiresAt) ? undefined : made;
      return true;
    });
    for (const { key, draft, isChanged } of places) if (isChanged) this.write(store, key, draft);
    return written;
  }

  private stepped(store: Store, step: AtomicStep, existing: Draft | undefined): Draft | undefined {
    if (step.do === "delete") return undefined;
    if (step.do !== "set") return this.calculated(store, step, existing);
    return this.set(store, { ...step.options, key: step.key, value: step.value }, existing);
  }

  private isOver(expiresAt: number | undefined): boolean {
    return expiresAt !== undefined && expiresAt <= this.now;
  }

  private get epoch(): number {
    return this.jobs.filter(({ kind }) => kind !== "sweep").length;
  }

  private write(store: Store, key: Key, draft: Draft | undefined, epoch = this.epoch): void {
    this.remove(key);
    if (!draft || this.isOver(draft.expiresAt)) return;
    const { value, metadata, updatedAt, expiresAt } = draft;
    this.put({ key, value, metadata, updatedAt, expiresAt, version: undefined, epoch });
    if (store.exact && expiresAt !== undefined)
      this.timers.add(Math.ceil(expiresAt / 1_000) * 1_000);
  }

  private put(entry: Entry): void {
    this.remove(entry.key);
    this.entries.push(entry);
    this.entries.sort((a, b) => compareKeys(a.key, b.key));
  }

  private remove(key: Key): void {
    this.entries = this.entries.filter((entry) => !sameKey(entry.key, key));
    this.dead = this.dead.filter((entry) => !sameKey(entry.key, key));
  }

  private judgeDeletion(store: Store, scan: Scan, told: DeleteAllResult): void {
    const selected = this.selected(store, scan);
    const { deletedCount, hasMore, jobId } = told;
    if (!hasMore) expect(told).toEqual({ deletedCount: selected.length, hasMore: false });
    expect(deletedCount).toBeLessThanOrEqual(selected.length);
    for (const { key } of selected.slice(0, deletedCount)) this.remove(key);
    const walk = walkOf(store.prefix, scan);
    if (!hasMore) {
      this.dead = this.dead.filter(({ key }) => !walk.covers(key));
      return;
    }
    expect(jobId).toEqual(expect.any(String));
    const isRange = scan.start !== undefined || scan.end !== undefined;
    for (const job of this.running) {
      if (job.kind !== "delete") continue;
      const isSameRange =
        textOf([job.scan!.start, job.scan!.end] as Value) ===
        textOf([scan.start, scan.end] as Value);
      if (sameKey(job.prefixes[0]!, walk.prefix) && (!isRange || isSameRange)) {
        this.end(job, "replaced");
      }
    }
    const { start, end } = scan;
    this.start(
      { id: jobId!, kind: "delete", prefixes: [walk.prefix], scan: { prefix: [], start, end } },
      { deleted: deletedCount },
    );
  }

  private judgeTransfer(store: Store, call: Transfer, told: Told): void {
    const { do: kind, onConflict } = call;
    const from = [...store.prefix, ...call.from];
    const to = [...store.prefix, ...call.to];
    if (covers(from, to) || covers(to, from)) throw new Refused("invalid_key");
    const sources = this.entries.filter(({ key }) => covers(from, key)).map(({ key }) => key);
    const begun = (): Job => ({
      ...{ id: "", kind, prefixes: [from, to], onConflict, epoch: Infinity },
      ...{ state: "running", deleted: 0, transferred: 0, skipped: 0, startedAt: this.now },
    });
    // One that is met in the background ends the job, and not the call.
    const meetsConflict = this.copy().transfer(begun(), sources) === "conflict";
    if (meetsConflict && told.isRefused) throw new Refused("conflict");
    const result = told.result as Record<string, number> & { hasMore: boolean; jobId?: string };
    const counted = result[kind === "move" ? "movedCount" : "copiedCount"]!;
    const { skippedCount, hasMore, jobId } = result;
    const done = hasMore ? counted + skippedCount! : sources.length;
    const job = begun();
    if (this.transfer(job, sources.slice(0, done)) === "conflict") throw new Refused("conflict");
    expect({ counted, skippedCount }).toEqual({
      counted: job.transferred,
      skippedCount: job.skipped,
    });
    if (!hasMore) return expect(jobId).toBeUndefined();
    expect(jobId).toEqual(expect.any(String));
    const { transferred, skipped } = job;
    const after = sources[done - 1];
    this.start(
      { id: jobId!, kind, prefixes: [from, to], onConflict, ...(after && { after }) },
      { transferred, skipped },
    );
  }

  /** Moves or copies entries one after another, as far as it goes. */
  private transfer(job: Job, sources: readonly Key[]): "done" | "conflict" {
    const [from, to] = job.prefixes as [Key, Key];
    for (const key of sources) {
      const entry = this.at(key)!;
      if (job.kind === "move" && entry.epoch >= job.epoch) continue;
      const image = [...to, ...key.slice(from.length)];
      const there = this.at(image);
      if (there && job.onConflict === "error") return "conflict";
      if (there && job.onConflict === "skip") {
        job.skipped += 1;
        continue;
      }
      job.transferred += 1;
      if (job.kind === "move") this.remove(key);
      if (there && there.epoch >= job.epoch) continue;
      this.put({ ...entry, key: image, version: undefined, epoch: this.epoch });
    }
    return "done";
  }

  private start(
    what: Pick<Job, "id" | "kind" | "prefixes" | "scan" | "onConflict" | "after">,
    done: Partial<Job>,
  ): void {
    const epoch = this.epoch + 1;
    const counts = { deleted: 0, transferred: 0, skipped: 0, ...done };
    this.jobs.push({ ...what, ...counts, epoch, state: "running", startedAt: this.now });
  }

  private end(job: Job, state: Job["state"], error?: string): void {
    Object.assign(job, { state, endedAt: this.now, ...(error !== undefined && { error }) });
  }

  private finish(job: Job): void {
    if (job.kind === "sweep") {
      this.dead = [];
      return this.end(job, "done");
    }
    if (job.kind === "delete") {
      const walk = walkOf(job.prefixes[0]!, job.scan!);
      const isDue = ({ key, epoch }: Entry) => walk.covers(key) && epoch < job.epoch;
      job.deleted += this.entries.filter(isDue).length;
      this.entries = this.entries.filter((entry) => !isDue(entry));
      this.dead = this.dead.filter((entry) => !isDue(entry));
      return this.end(job, "done");
    }
    const left = this.entries
      .map(({ key }) => key)
      .filter(
        (key) => covers(job.prefixes[0]!, key) && (!job.after || compareKeys(key, job.after) > 0),
      );
    if (this.transfer(job, left) === "conflict") this.end(job, "failed", "conflict");
    else this.end(job, "done");
  }
}

interface Candidate {
  /** The keys, or the children, of a page that could be. */
  shown: readonly unknown[];
  isDone: boolean;
  last: Key | undefined;
  next: Key | undefined;
}

/** @param all Every key of the scan; `rest` are those that are not passed. */
function childrenPage(
  walk: Walk,
  all: readonly Key[],
  rest: readonly Key[],
  limit: number,
): Candidate {
  const { prefix } = walk;
  const found = childrenOf(prefix, rest);
  for (const { child } of found) {
    // Its own entry is looked up, where the page before ended below it.
    const key = [...prefix, child.part];
    child.hasEntry = all.some((other) => sameKey(other, key));
  }
  const last = found[Math.min(limit, found.length) - 1]?.child;
  const next = found[limit]?.first;
  return {
    shown: found.slice(0, limit).map(({ child }) => child),
    isDone: next === undefined,
    last: last && [...prefix, last.part],
    next,
  };
}

interface Answer {
  /** The keys, children or number of a page. */
  shown: Value;
  isDone: boolean;
  cursor: string;
  entries?: unknown[];
}

function pageOf(what: string, told: unknown): Answer {
  const {
    isDone,
    continueCursor: cursor,
    ...page
  } = told as {
    isDone: boolean;
    continueCursor: string;
    entries?: { key: Value }[];
    page?: { key: Value }[];
    keys?: Value;
    count?: number;
    children?: Value;
  };
  const entries = page.entries ?? page.page;
  if (entries) return { shown: entries.map(({ key }) => key), isDone, cursor, entries };
  const shown = { keys: page.keys, count: page.count, children: page.children }[what];
  return { shown: shown!, isDone, cursor };
}

function withValues({ includeValues = true }: Scan): boolean {
  return includeValues;
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
