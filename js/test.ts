import type { GenericSchema, SchemaDefinition } from "convex/server";
import type { TestConvex } from "convex-test";
import schema from "../convex/schema.js";
import { withoutTimers } from "./test/withoutTimers.js";

// The component's modules of functions by name, rather than with Vite's import.meta.glob: this
// works under any test runner. The one below _generated tells convex-test which folder they are in.
// The type is wide on purpose: a narrow one would put the declarations of the component into those
// of an app, and some of these do not compile with exactOptionalPropertyTypes.
const modules: Record<string, () => Promise<unknown>> = {
  "../convex/_generated/api.js": () => import("../convex/_generated/api.js"),
  "../convex/entries.js": () => import("../convex/entries.js"),
  "../convex/jobs.js": () => import("../convex/jobs.js"),
  "../convex/kv.js": () => import("../convex/kv.js"),
  "../convex/leases.js": () => import("../convex/leases.js"),
  "../convex/loads.js": () => import("../convex/loads.js"),
  "../convex/many.js": () => import("../convex/many.js"),
  "../convex/moves.js": () => import("../convex/moves.js"),
  "../convex/notices.js": () => import("../convex/notices.js"),
  "../convex/point.js": () => import("../convex/point.js"),
  "../convex/counted.js": () => import("../convex/counted.js"),
  "../convex/replace.js": () => import("../convex/replace.js"),
  "../convex/status.js": () => import("../convex/status.js"),
  "../convex/timers.js": () => import("../convex/timers.js"),
  "../convex/tree.js": () => import("../convex/tree.js"),
};

/** Options of `register`. */
export interface RegisterOptions {
  /**
   * The component's name, if the app's `convex.config.ts` gives it another.
   *
   * @default "convexKv"
   */
  name?: string | undefined;
  /**
   * "off": nothing is scheduled for later. Entries of stores with `expiry: "exact"` are gone when
   * their time has passed, but nothing deletes them then, and nothing looks after background work
   * whose batches fail; the batches themselves run. So
   * `t.finishAllScheduledFunctions(vi.runAllTimers)` does not travel to the expiry of every such
   * entry. "on": as deployed.
   *
   * @default "on"
   */
  timers?: "on" | "off" | undefined;
}

/**
 * Installs the component in a `convex-test` backend.
 *
 * ```ts
 * const t = convexTest(schema, import.meta.glob("./**\/*.ts"));
 * register(t);
 * ```
 *
 * @param t The backend.
 * @param options The component's name, or options.
 */
export function register(
  t: TestConvex<SchemaDefinition<GenericSchema, boolean>>,
  options: string | RegisterOptions = {},
): void {
  const { name = "convexKv", timers = "on" } =
    typeof options === "string" ? { name: options } : options;
  if (timers !== "on" && timers !== "off") {
    throw new TypeError(`timers must be "on" or "off", and not ${JSON.stringify(timers)}.`);
  }
  t.registerComponent(name, schema, timers === "off" ? withoutTimers(modules) : modules);
}

/** `register`, and what it registers: the schema and the modules of the component. */
export default { register, schema: schema as SchemaDefinition<GenericSchema, boolean>, modules };
