import { convexToJson, type Value } from "convex/values";
import { CallLog } from "../../../dev/backend/engine/calls.js";
import { Engine } from "../../../dev/backend/engine/engine.js";
import type { Transaction } from "../../../dev/backend/engine/transaction.js";
import { Bundle } from "../../../dev/backend/isolate/bundle.js";
import { analyze } from "../../../dev/backend/push/analyze.js";
import schema from "../../../convex/schema.js";
import type { AppMutationCtx } from "../support/backend.js";
import { bundle } from "../support/bundle.js";

// What transactions read and write: the component's own functions, on the development backend's
// engine, which records it.

/** The component's files of functions that are there. */
const FILES = ["entries", "kv"];

/** What a transaction read, and what it wrote. */
export type Footprint = Pick<Transaction, "reads" | "writes">;

export interface Recorder {
  /**
   * A context whose calls go to the component. `namedApi` has their names. Each mutation is a
   * transaction of its own.
   */
  ctx: AppMutationCtx;
  /** The footprints of the mutations, in the order of their commits. */
  footprints: Footprint[];
  /** To be called at the end. Until then `convex-test` does not work, whose engine this is too. */
  close(): void;
}

/** The component on an empty database, alone: as if it were the app. */
export async function startRecorder(): Promise<Recorder> {
  const modules = FILES.map(async (name) => ({
    path: `${name}.js`,
    source: (await bundle(`convex/${name}.ts`)).text,
  }));
  const code = new Bundle(await Promise.all(modules));
  const { functions, crons } = await analyze(code, "");
  const exported = (schema as unknown as { export(): string }).export();
  const component = { path: "", definitionPath: "", bundle: code, schema: exported };
  const footprints: Footprint[] = [];
  // Each copy of convex-test answers through this global. The engine has one of its own.
  const scope = globalThis as { Convex?: unknown };
  const { Convex } = scope;
  const engine = new Engine(
    { components: new Map([["", { ...component, functions, crons }]]) },
    {
      log: new CallLog(1, () => {}),
      firstTs: 0n,
      onCommit: (transaction) => footprints.push(transaction),
    },
  );
  const call = (type: "query" | "mutation") => async (name: string, args: Value) => {
    const path = { component: "", name: name.replace(".", ":") };
    const { outcome } = await engine[type](path, convexToJson(args), true);
    if ("errorMessage" in outcome) throw new Error(outcome.errorMessage);
    return outcome.value;
  };
  const ctx = { runQuery: call("query"), runMutation: call("mutation") };
  return {
    ctx: ctx as unknown as AppMutationCtx,
    footprints,
    close: () => void (scope.Convex = Convex),
  };
}
