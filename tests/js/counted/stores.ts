import type { Key, StoreOptions } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { setTimeout } from "node:timers/promises";
import { insertEntries } from "../../../bench/counted/entries.js";
import schema from "../../../convex/schema.js";
import { setPatience } from "../../../dev/backend/isolate/patience.js";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";
import { InProcess, type Ran } from "../../../dev/backend/testing/inProcess.js";
import { modulesOf } from "../../../dev/backend/testing/modulesOf.js";
import { root } from "../support/bundle.js";

// Stores of an app on the development backend's engine, which tells what the shipped functions
// read, write and use.

export interface StoreAt {
  component: string;
  prefix: Key;
  counted?: StoreOptions<unknown>["counted"];
}

export class Stores {
  private constructor(private readonly app: InProcess) {}

  /** An app that has the component under each of these names. */
  static async start(names: readonly string[], dist = `${root}dist/convex`): Promise<Stores> {
    setPatience(PATIENCE);
    const modules = await modulesOf(dist);
    const app = { path: "", modules: await modulesOf(`${import.meta.dirname}/app`), schema: null };
    const mounted = names.map((path) => ({ path, modules, schema }));
    return new Stores(await InProcess.start([app, ...mounted]));
  }

  /** Writes `count` entries: the keys below `prefix` are every `step`-th number. */
  async fill({ component, prefix }: StoreAt, count: number, step: number): Promise<void> {
    const entryAt = (i: number) => ({ key: [...prefix, i * step], value: i % 100 });
    await insertEntries(this.app, component, count, entryAt);
  }

  read(store: StoreAt, method: string, ...args: unknown[]): Promise<Ran> {
    return this.app.query("store:read", argsOf(store, method, args));
  }

  write(store: StoreAt, method: string, ...args: unknown[]): Promise<Ran> {
    return this.app.mutation("store:write", argsOf(store, method, args));
  }

  /** Deletes what has expired by a moment from now. */
  async vacuum(component: string): Promise<Ran> {
    await setTimeout(2);
    return await this.app.mutation("store:vacuum", { component });
  }

  /** Has a store counted, until all that it has is. */
  async startCounting(store: StoreAt): Promise<void> {
    await this.write(store, "startCounting");
    await this.app.runDue();
    const { value } = await this.read(store, "countingState");
    if (!(value as { isCounted: boolean }).isCounted) throw new Error("It is not counted yet");
  }

  /** Runs all that is scheduled for now. */
  runDue(): Promise<void> {
    return this.app.runDue();
  }

  close(): void {
    setPatience(1);
    this.app.close();
  }
}

function argsOf(store: StoreAt, method: string, args: readonly unknown[]): Value {
  return { ...store, method, args } as unknown as Value;
}
