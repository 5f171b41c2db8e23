import type { DeleteAllResult, Key } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { Call, Scan } from "../../runtime/app/convex/carry.js";
import type { Entry, Store } from "./contents.js";
import { compareKeys, covers, sameKey, textOf } from "./order.js";
import { Refused, type Told } from "./outcomes.js";
import { walkOf } from "./scans.js";
import { Writes } from "./writes.js";

export interface Job {
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
  /** Whether a later deletion may delete some of what this one has taken, and would count. */
  isOverlapped?: boolean;
  deleted: number;
  transferred: number;
  skipped: number;
  startedAt: number;
  endedAt?: number;
  error?: string;
}

type Transfer = Extract<Call, { onConflict: string }>;

const DAY = 24 * 60 * 60_000;

/** Deletions of many, moves and copies, which may go on in the background. */
export class Background extends Writes {
  jobs: Job[] = [];
  /** How many batches are scheduled of jobs that were replaced: they will find no job. */
  strayBatches = 0;

  /** What goes on in the background. */
  get running(): Job[] {
    return this.jobs.filter(({ state }) => state === "running");
  }

  protected override begun(): number[] {
    return this.running.filter(({ kind }) => kind !== "sweep").map(({ epoch }) => epoch);
  }

  /** What goes on in the background comes to its end. */
  rest(): void {
    for (const job of this.running) this.finish(job);
    this.strayBatches = 0;
  }

  protected judgeDeletion(store: Store, scan: Scan, told: DeleteAllResult): void {
    const selected = this.selected(store, scan);
    const { deletedCount, hasMore, jobId } = told;
    if (!hasMore) expect(told).toEqual({ deletedCount: selected.length, hasMore: false });
    expect(deletedCount).toBeLessThanOrEqual(selected.length);
    const walk = walkOf(store.prefix, scan);
    for (const { key } of selected) this.remove(key);
    // Of what others have taken there, their jobs will find less.
    for (const { key, job } of this.taken) {
      if (walk.covers(key)) this.jobs.find(({ id }) => id === job)!.isOverlapped = true;
    }
    if (!hasMore) {
      this.dead = this.dead.filter(({ key }) => !walk.covers(key));
      this.taken = this.taken.filter(({ key }) => !walk.covers(key));
      return;
    }
    expect(jobId).toEqual(expect.any(String));
    for (const entry of selected.slice(deletedCount)) this.taken.push({ ...entry, job: jobId! });
    const boundsOf = ({ start, after, end, startsWith }: Scan) =>
      [start, after, end, startsWith] as (Value | undefined)[];
    const isRange = boundsOf(scan).some((bound) => bound !== undefined);
    for (const job of this.running) {
      if (job.kind !== "delete") continue;
      const isSameRange = textOf(boundsOf(job.scan!) as Value) === textOf(boundsOf(scan) as Value);
      if (sameKey(job.prefixes[0]!, walk.prefix) && (!isRange || isSameRange)) {
        this.end(job, "replaced");
        // What it has taken, the new one deletes and counts.
        for (const entry of this.taken) if (entry.job === job.id) entry.job = jobId!;
        this.strayBatches += 1;
      }
    }
    this.start(
      { id: jobId!, kind: "delete", prefixes: [walk.prefix], scan: { ...scan, prefix: [] } },
      { deleted: deletedCount },
    );
  }

  protected judgeTransfer(store: Store, call: Transfer, told: Told): void {
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

  protected judgeJob(store: Store, id: string, told: unknown): void {
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
      deleted: kind === "sweep" || job.isOverlapped ? expect.any(Number) : job.deleted,
      ...(endedAt !== undefined && { endedAt }),
      ...(error !== undefined && { error: { code: error, message: expect.any(String) } }),
    });
  }

  /** Moves or copies entries one after another, as far as it goes. */
  protected transfer(job: Job, sources: readonly Key[]): "done" | "conflict" {
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

  protected start(
    what: Pick<Job, "id" | "kind" | "prefixes" | "scan" | "onConflict" | "after">,
    done: Partial<Job>,
  ): void {
    const epoch = this.epoch + 1;
    const counts = { deleted: 0, transferred: 0, skipped: 0, ...done };
    this.jobs.push({ ...what, ...counts, epoch, state: "running", startedAt: this.now });
    if (what.kind !== "sweep") this.epoch = epoch;
  }

  protected end(job: Job, state: Job["state"], error?: string): void {
    Object.assign(job, { state, endedAt: this.now, ...(error !== undefined && { error }) });
  }

  protected finish(job: Job): void {
    if (job.kind === "sweep") {
      this.dead = [];
      return this.end(job, "done");
    }
    if (job.kind === "delete") {
      const walk = walkOf(job.prefixes[0]!, job.scan!);
      const isDue = ({ key, epoch }: Entry) => walk.covers(key) && epoch < job.epoch;
      job.deleted += this.taken.filter((entry) => entry.job === job.id).length;
      this.taken = this.taken.filter(({ key, epoch }) => !walk.covers(key) || epoch >= job.epoch);
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
