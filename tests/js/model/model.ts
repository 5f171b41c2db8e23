import type { DeleteAllResult, Key, ReplaceAllResult, SetResult } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expect } from "vitest";
import type { Call, Outcome, StoreCall } from "../../runtime/app/convex/carry.js";
import type { Entry, Store } from "./contents.js";
import { textOf } from "./order.js";
import { Refused, Told } from "./outcomes.js";
import { Pages, withValues } from "./pages.js";

// What the documentation says of every call, with a list of entries and nothing of the product's
// code. It is asked after the call: what only the product can know, such as versions, it learns
// then. Its parts stand one on another: contents.ts, writes.ts, background.ts, pages.ts, and this.

/** What a call is made in. */
type Place = "query" | "mutation" | "action";

export class Model extends Pages {
  /** Checks what came of a call, and does it. */
  judge({ store, call }: StoreCall, outcome: Outcome, place: Place): void {
    const before = this.copy();
    try {
      this.make(store, call, new Told(outcome), place);
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

  /** Time passes, when nothing is left to do. */
  pass(milliseconds: number): void {
    this.rest();
    this.now += milliseconds;
    const isLive = ({ expiresAt }: Entry) => expiresAt === undefined || expiresAt > this.now;
    const expired = this.entries.filter((entry) => !isLive(entry));
    const isSwept = ({ expiresAt }: Entry) => {
      const at = Math.ceil(expiresAt! / 1_000) * 1_000;
      return at <= this.now && this.timers.has(at);
    };
    // What expired before may have been deleted meanwhile, by background work say.
    this.mayTell.push(...this.dead.filter((entry) => entry.tells && isSwept(entry)));
    this.toTell.push(...expired.filter((entry) => entry.tells && isSwept(entry)));
    this.dead.push(...expired);
    this.entries = this.entries.filter(isLive);
    for (const at of this.timers) {
      if (at > this.now) continue;
      this.timers.delete(at);
      this.dead = this.dead.filter(({ expiresAt }) => expiresAt! > at || expiresAt! <= at - 1_000);
    }
  }

  /** Reading an entry prolongs it in some stores, and in mutations only. */
  protected read(store: Store, key: Key, place: Place): void {
    if (store.sliding && place === "mutation") this.prolong(store, key);
  }

  protected prolong(store: Store, key: Key): void {
    const { ttl, whenLeft = ttl / 2 } = store.sliding ?? { ttl: store.ttl! };
    const entry = this.at(key);
    const next = this.now + ttl;
    if (!entry || next <= (entry.expiresAt ?? Infinity)) return;
    if (this.isLeft(entry, whenLeft)) return this.setTimer(store, entry.expiresAt);
    const tells = store.tells ?? entry.tells;
    this.write(store, key, { ...entry, expiresAt: next, tells }, entry.epoch);
  }

  protected make(store: Store, call: Call, told: Told, place: Place): void {
    const absolute = (key: Key): Key => [...store.prefix, ...key];
    const entryKey = (key: Key): Key => {
      if (absolute(key).length === 0) throw new Refused("invalid_key");
      return absolute(key);
    };
    const same = (expected: unknown) =>
      expect(textOf(told.result as Value)).toBe(textOf(expected as Value));
    switch (call.do) {
      case "get":
        this.read(store, entryKey(call.key), place);
        return same(this.at(entryKey(call.key))?.value ?? null);
      case "getWithMetadata": {
        this.read(store, entryKey(call.key), place);
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
      case "getManyWithMetadata": {
        const entries = call.keys.map((key) => this.at(entryKey(key)));
        const found = told.result as unknown[];
        expect(found).toHaveLength(entries.length);
        for (const [i, entry] of entries.entries()) {
          if (entry) this.judgeEntry(found[i], entry, true);
          else expect(found[i]).toBeNull();
        }
        return;
      }
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
      case "take": {
        const entry = this.at(entryKey(call.key));
        this.remove(entryKey(call.key));
        return same(call.do === "take" ? (entry?.value ?? null) : entry !== undefined);
      }
      case "deleteMany": {
        const before = this.entries.length;
        for (const key of call.keys.map(entryKey)) this.remove(key);
        return same(before - this.entries.length);
      }
      case "increment": {
        const key = entryKey(call.key);
        const draft = this.calculated(store, { ...call, do: "sum", key }, this.at(key));
        this.write(store, key, draft);
        return same(draft.value);
      }
      case "addToCount": {
        if (typeof call.by !== "number") throw new Refused("invalid_value");
        const key = [...absolute(call.key), 0];
        // A counter's entries have nothing of a store's options.
        const counter = { prefix: store.prefix };
        const draft = this.calculated(
          counter,
          { ...call, do: "sum", key, options: {} },
          this.at(key),
        );
        this.write(counter, key, draft);
        return same(null);
      }
      case "readCount": {
        let sum = 0;
        for (const { value } of this.selected(store, { prefix: call.prefix })) {
          if (typeof value !== "number") throw new Refused("invalid_value");
          sum += value;
        }
        return same(sum);
      }
      case "update": {
        const key = entryKey(call.key);
        const entry = this.at(key);
        const seen = entry?.value ?? null;
        if (call.to === undefined) {
          this.remove(key);
          return same({ seen, made: null });
        }
        const { ttl, expiresAt, metadata = entry?.metadata } = call.options;
        const keepTtl = call.options.keepTtl ?? (ttl === undefined && expiresAt === undefined);
        const options = { ...call.options, metadata: metadata as Value, keepTtl };
        this.write(store, key, this.set(store, { ...options, key, value: call.to }, entry));
        return same({ seen, made: call.to });
      }
      case "expire": {
        const key = entryKey(call.key);
        const entry = this.at(key);
        const { ttl, when = "always", whenLeft } = call.options;
        const next = this.now + ttl!;
        const current = entry?.expiresAt ?? Infinity;
        if (next === Infinity && current === Infinity) return same(false);
        const mayBe = {
          always: true,
          ifUnset: current === Infinity,
          ifSet: current !== Infinity,
          later: next > current,
          sooner: next < current,
        }[when];
        if (!entry || !mayBe) return same(false);
        if (this.isLeft(entry, whenLeft)) {
          this.setTimer(store, entry.expiresAt);
          return same(false);
        }
        const expiresAt = next === Infinity ? undefined : next;
        const tells = store.tells ?? entry.tells;
        this.write(store, key, { ...entry, expiresAt, tells }, entry.epoch);
        return same(true);
      }
      case "persist": {
        const key = entryKey(call.key);
        const entry = this.at(key);
        if (entry?.expiresAt === undefined) return same(false);
        this.write(store, key, { ...entry, expiresAt: undefined }, entry.epoch);
        return same(true);
      }
      case "touch":
        if (!store.sliding && store.ttl === undefined) throw new Refused("invalid_expiry");
        this.prolong(store, entryKey(call.key));
        return same(this.at(entryKey(call.key)) !== undefined);
      case "atomic":
        return this.judgeCommit(store, call, entryKey, told);
      case "deleteAll":
        return this.judgeDeletion(store, call.scan, told.result as DeleteAllResult);
      case "replaceAll": {
        const entries = call.entries.map((entry) => ({ ...entry, key: entryKey(entry.key) }));
        const { results, ...deletion } = told.result as ReplaceAllResult;
        this.judgeDeletion(store, call.scan, deletion);
        return this.judgeSets(store, entries, () => results);
      }
      case "move":
      case "copy":
        return this.judgeTransfer(store, call, told);
      case "vacuum": {
        const { count, jobId } = told.result as { count: number; jobId?: string };
        this.mayTell.push(...this.dead.filter(({ tells }) => tells));
        const isSweeping = this.running.some(({ kind }) => kind === "sweep");
        expect(count).toBeLessThanOrEqual(isSweeping ? 0 : this.dead.length);
        if (jobId !== undefined)
          this.start({ id: jobId, kind: "sweep", prefixes: [[]] }, { deleted: count });
        else if (!isSweeping) this.dead = [];
        return;
      }
    }
  }
}
