import type { Value } from "convex/values";
import { type Footprint, InProcess } from "../../../dev/backend/testing/inProcess.js";
import schema from "../../../convex/schema.js";
import type { AppMutationCtx } from "../support/backend.js";
import { bundle } from "../support/bundle.js";

// What transactions read and write: the component's own functions, on the development backend's
// engine, which records it.

export type { Footprint };

/** The component's files of functions that are there. */
const FILES = ["entries", "kv"];

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
  const alone = await InProcess.start([{ path: "", modules: await Promise.all(modules), schema }]);
  const footprints: Footprint[] = [];
  const nameOf = (named: string) => named.replace(".", ":");
  const ctx = {
    runQuery: async (named: string, args: Value) => (await alone.query(nameOf(named), args)).value,
    runMutation: async (named: string, args: Value) => {
      const { value, reads, writes } = await alone.mutation(nameOf(named), args);
      footprints.push({ reads, writes });
      return value;
    },
  };
  return { ctx: ctx as unknown as AppMutationCtx, footprints, close: () => alone.close() };
}
