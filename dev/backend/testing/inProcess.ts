import { convexToJson, jsonToConvex, type Value } from "convex/values";
import { setTimeout } from "node:timers/promises";
import type { Component } from "../deployment.js";
import { CallLog, type CallRecord } from "../engine/calls.js";
import { Engine, type InspectContext, type Outcome } from "../engine/engine.js";
import type { Transaction } from "../engine/transaction.js";
import type { Usage } from "../engine/usage.js";
import { Bundle, type ModuleSource } from "../isolate/bundle.js";
import { analyze } from "../push/analyze.js";

// The engine alone, in this process: what transactions read, write and use, without a server, a
// client or a push.

/** The app, or a component of it. */
export interface Installed {
  /** "" is the app, "inner" its child, "inner/leaf" a child's child. */
  path: string;
  modules: readonly ModuleSource[];
  /** What its schema.ts exports; null if there is none. */
  schema: unknown;
}

/** What a transaction read, and what it wrote. */
export type Footprint = Pick<Transaction, "reads" | "writes">;

/** A call from outside, and all that it calls. */
export interface Ran extends Footprint {
  value: Value;
  usage: Usage;
}

export class InProcess {
  private readonly engine: Engine;
  private readonly formerPlatform: unknown;
  /** Which function is called from outside, and how that went. */
  private asked = "";
  private last: CallRecord | undefined;
  private committed: Footprint | undefined;

  /** Parents come before their children. */
  static async start(installed: readonly Installed[]): Promise<InProcess> {
    const components = installed.map(async ({ path, modules, schema }): Promise<Component> => {
      const bundle = new Bundle(modules);
      const { functions, crons } = await analyze(bundle, path);
      const exported = schema === null ? null : (schema as { export(): string }).export();
      return { path, definitionPath: path, bundle, schema: exported, functions, crons };
    });
    return new InProcess(await Promise.all(components));
  }

  private constructor(components: readonly Component[]) {
    this.formerPlatform = scope.Convex;
    this.engine = new Engine(
      { components: new Map(components.map((component) => [component.path, component])) },
      {
        log: new CallLog(1, (record) => {
          // What is scheduled may run before the answer is there.
          if (record.parent === undefined && record.name === this.asked) this.last = record;
        }),
        firstTs: 0n,
        onCommit: (transaction) => void (this.committed = transaction),
      },
    );
    scope.Convex = platform ??= scope.Convex;
  }

  /** "kv:get" of the app. Throws what it throws. */
  async query(name: string, args: Value): Promise<Ran> {
    this.asked = name;
    const path = { component: "", name };
    const { outcome, transaction } = await this.engine.query(path, convexToJson(args), true);
    return this.ran(outcome, transaction);
  }

  async mutation(name: string, args: Value): Promise<Ran> {
    this.asked = name;
    const path = { component: "", name };
    const { outcome } = await this.engine.mutation(path, convexToJson(args), true);
    return this.ran(outcome, this.committed);
  }

  /** Works on a component's tables directly. */
  inspect<T>(component: string, look: (ctx: InspectContext) => Promise<T>): Promise<T> {
    return this.engine.inspect(component, look);
  }

  /** Runs what is scheduled for now, and what that schedules for now, until nothing is left. */
  async runDue(): Promise<void> {
    while (await this.hasDue()) {
      await setTimeout(1);
      await this.engine.settle();
    }
  }

  private async hasDue(): Promise<boolean> {
    for (const component of this.engine.components.keys()) {
      const calls = await this.inspect(component, ({ db }) =>
        db.system.query("_scheduled_functions").collect(),
      );
      const now = Date.now();
      const isDue = ({ state, scheduledTime }: (typeof calls)[0]) =>
        state.kind === "inProgress" || (state.kind === "pending" && scheduledTime <= now);
      if (calls.some(isDue)) return true;
    }
    return false;
  }

  /** To be called at the end. Until then `convex-test` does not work, whose engine this is too. */
  close(): void {
    scope.Convex = this.formerPlatform;
  }

  private ran(outcome: Outcome, footprint: Footprint | undefined): Ran {
    if ("errorMessage" in outcome) throw new Error(outcome.errorMessage);
    const { reads, writes } = footprint!;
    return { value: jsonToConvex(outcome.value), usage: this.last!.usage, reads, writes };
  }
}

// Each copy of convex-test answers through this global, and puts itself there once. The engine has
// a copy of its own.
const scope = globalThis as { Convex?: unknown };
let platform: unknown;
