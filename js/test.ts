import type { GenericSchema, SchemaDefinition } from "convex/server";
import type { TestConvex } from "convex-test";
import schema from "../convex/schema.js";

// Every module of the component by name, rather than Vite's import.meta.glob: this works under any
// test runner. Its type says no more: else the declarations of the whole component would be part of an
// app's, and some of them, which Convex's own types make of its schema, do not compile with
// exactOptionalPropertyTypes.
const modules: Record<string, () => Promise<unknown>> = {
  "../convex/_generated/api.js": () => import("../convex/_generated/api.js"),
  "../convex/_generated/server.js": () => import("../convex/_generated/server.js"),
  "../convex/entries.js": () => import("../convex/entries.js"),
  "../convex/jobs.js": () => import("../convex/jobs.js"),
  "../convex/kv.js": () => import("../convex/kv.js"),
  "../convex/many.js": () => import("../convex/many.js"),
  "../convex/moves.js": () => import("../convex/moves.js"),
  "../convex/timers.js": () => import("../convex/timers.js"),
  "../convex/tree.js": () => import("../convex/tree.js"),
};

/**
 * Installs the component in a `convex-test` backend.
 *
 * ```ts
 * const t = convexTest(schema, import.meta.glob("./**\/*.ts"));
 * register(t);
 * ```
 *
 * @param name The component's name, where the app's `convex.config.ts` gives it another.
 */
export function register(
  t: TestConvex<SchemaDefinition<GenericSchema, boolean>>,
  name = "convexKv",
): void {
  t.registerComponent(name, schema, modules);
}

export default { register, schema: schema as SchemaDefinition<GenericSchema, boolean>, modules };
