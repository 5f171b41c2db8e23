import type { FunctionArgs } from "convex/server";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { untilUnchanged } from "./contexts.js";
import type { Counted } from "./counting.js";
import { kvError } from "./errors.js";
import { checkMany, type Key, type KeyPart } from "./key.js";
import type { StoredValues } from "./storedValues.js";
import type { NumberOptions, RunMutation, RunQuery, SetOptions } from "./types.js";

// What the builders of `atomic` collect and carry out: that of one store, and that of several.

type AtomicArgs = FunctionArgs<ComponentApi["entries"]["atomic"]>;
export type Operation = AtomicArgs["operations"][number];
type Check = AtomicArgs["checks"][number];

/** What it needs of a store. */
export interface AtomicStore<In> {
  component: ComponentApi;
  absolute(key: Key): KeyPart[];
  counted: Counted | undefined;
  values: StoredValues<In>;
}

/** Where something is to be checked or done. */
interface Place {
  store: AtomicStore<unknown>;
  key: Key;
}

/** `failed` is what the commit answers with if it does not hold. */
type Condition<F> = Place & { failed: F } & (
    { of: "version"; version: string | null } | { of: "emptiness" }
  );

/** `checks` and operations that are carried out together or not at all. */
export class Commit<F> {
  private readonly conditions: Condition<F>[] = [];
  // Functions that make the arguments: whether they are usable is found out at the end.
  private readonly operations: (() => Operation | Promise<Operation>)[] = [];
  private readonly takes: Place[] = [];
  private readonly stores = new Set<AtomicStore<unknown>>();

  constructor(private readonly component: ComponentApi) {}

  check(store: AtomicStore<unknown>, key: Key, version: string | null, failed: F): void {
    this.stores.add(store);
    this.conditions.push({ store, key, of: "version", version, failed });
  }

  checkEmpty(store: AtomicStore<unknown>, prefix: Key, failed: F): void {
    this.stores.add(store);
    this.conditions.push({ store, key: prefix, of: "emptiness", failed });
  }

  set(store: AtomicStore<unknown>, key: Key, value: unknown, options: SetOptions): void {
    this.add(store, async () => ({
      type: "set",
      ...(await store.values.newEntry(store.absolute(key), value, options)),
    }));
  }

  delete(store: AtomicStore<unknown>, key: Key): void {
    this.add(store, () => ({ type: "delete", key: store.absolute(key) }));
  }

  take(store: AtomicStore<unknown>, key: Key): void {
    this.takes.push({ store, key });
    this.add(store, () => ({ type: "take", key: store.absolute(key) }));
  }

  calculate(
    type: "sum" | "min" | "max",
    store: AtomicStore<unknown>,
    key: Key,
    n: number | bigint,
    options: NumberOptions,
  ): void {
    this.add(store, async () => ({
      type,
      ...(await store.values.newNumber(store.absolute(key), n, options)),
    }));
  }

  private add(store: AtomicStore<unknown>, operation: () => Operation | Promise<Operation>): void {
    this.stores.add(store);
    this.operations.push(operation);
  }

  /** See `commit` of the builders. It may be called again. */
  async run(
    ctx: RunQuery & RunMutation,
  ): Promise<
    { ok: true; versions: (string | null)[]; taken: unknown[] } | { ok: false; failed: F[] }
  > {
    for (const { component } of this.stores) checkSame(this.component, component);
    checkMany("atomic", this.conditions);
    checkMany("atomic", this.operations);
    const ofVersions = this.conditions.filter((one) => one.of === "version");
    const ofEmptiness = this.conditions.filter((one) => one.of === "emptiness");
    const given = ofVersions.map(({ store, key, version }): Check => ({
      key: store.absolute(key),
      version,
    }));
    const empty = ofEmptiness.map(({ store, key }) => store.absolute(key));
    const operations: Operation[] = [];
    // One after another, so that the error is that of the first that is not usable.
    for (const operation of this.operations) operations.push(await operation());
    for (const { counted } of this.stores) {
      if (counted) await ctx.runMutation(this.component.counted.start, counted);
    }
    return await untilUnchanged("take", ctx, async () => {
      const seen = await this.checkTaken(ctx);
      const result = await ctx.runMutation(this.component.entries.atomic, {
        checks: [...given, ...seen],
        ...(empty.length > 0 && { empty }),
        operations,
      });
      if (result.ok) return result;
      const asked = [...ofVersions, ...seen.map(() => null), ...ofEmptiness];
      const failed = new Set(result.failed.map((position) => asked[position]));
      const told = this.conditions.filter((condition) => failed.has(condition));
      // If these hold, only what was seen has changed.
      return told.length > 0 ? { ok: false, failed: told.map(({ failed }) => failed) } : undefined;
    });
  }

  /**
   * Looks at what is to be taken from stores that check what they read, before it is taken: what
   * does not fit stays. Gives checks that it is the same still. Throws invalid_value.
   */
  private async checkTaken(ctx: RunQuery): Promise<Check[]> {
    const takes = this.takes.filter(({ store }) => store.values.checksReads);
    if (takes.length === 0) return [];
    const keys = takes.map(({ store, key }) => store.absolute(key));
    const entries = await ctx.runQuery(this.component.many.get, { keys });
    for (const [i, entry] of entries.entries()) await takes[i]!.store.values.read(entry);
    return entries.map((entry, i) => ({ key: keys[i]!, version: entry?.version ?? null }));
  }
}

// Convex's own mark: what a component is called in the app. `components.convexKv` is a new object
// each time.
const PATH = Symbol.for("toReferencePath");

function checkSame(one: ComponentApi, other: ComponentApi): void {
  if (one === other) return;
  const [path, otherPath] = [one, other].map((it) => (it as { [PATH]?: unknown })[PATH]);
  if (typeof path === "string" && path === otherPath) return;
  throw kvError({
    code: "invalid_request",
    message:
      "The stores of one atomic commit must be of one installed component, that of the client which made it: a commit is a single call of it.",
  });
}
