import type { JSONValue } from "convex/values";
import type { Bundle } from "./isolate/bundle.js";

/** All that one push deployed. Never changes: another push makes another. */
export interface Deployment {
  /** By path. Parents come before their children. */
  readonly components: ReadonlyMap<string, Component>;
}

/** The app, or a component at its mount point: one that is mounted twice is two of these. */
export interface Component {
  /** "" is the app, "inner" its child, "inner/leaf" a child's child. */
  readonly path: string;
  /** Where the CLI found the definition, relative to the app's. Components may share it. */
  readonly definitionPath: string;
  readonly bundle: Bundle;
  /** JSON text of `SchemaDefinition.export()`. */
  readonly schema: string | null;
  /** By name. */
  readonly functions: ReadonlyMap<string, FunctionInfo>;
  readonly crons: readonly CronSpec[];
}

export interface FunctionInfo {
  /** "kv:get". */
  readonly name: string;
  readonly type: FunctionType;
  readonly visibility: "public" | "internal";
  /** JSON text of `exportArgs()`. */
  readonly args: string;
  /** JSON text of `exportReturns()`: "null" if there is no validator. */
  readonly returns: string;
}

export type FunctionType = "query" | "mutation" | "action";

export interface CronSpec {
  readonly name: string;
  /** "my_kv:vacuum", a function of the same component. */
  readonly function: string;
  /** The object of arguments, in Convex's JSON. */
  readonly args: JSONValue;
  readonly schedule: CronSchedule;
}

/** A schedule without a minute may run at any. */
export type CronSchedule =
  | { type: "interval"; seconds: number }
  | { type: "cron"; cron: string }
  | { type: "hourly"; minuteUTC?: number }
  | { type: "daily"; hourUTC: number; minuteUTC?: number }
  | { type: "weekly"; dayOfWeek: string; hourUTC: number; minuteUTC?: number }
  | { type: "monthly"; day: number; hourUTC: number; minuteUTC?: number };

/** The path of a component's child. */
export function childPath(parent: string, name: string): string {
  return parent === "" ? name : `${parent}/${name}`;
}

/** A function's one name: clients may also say "kv.js:get", and "kv" for "kv:default". */
export function canonicalName(name: string): string {
  const [module = "", exported = "default"] = name.split(":");
  return `${module.replace(/\.js$/, "")}:${exported}`;
}

/** Which module a function is in, and what that exports it as. */
export function locate(name: string): { module: string; exported: string } {
  const [module = "", exported = ""] = canonicalName(name).split(":");
  return { module: `${module}.js`, exported };
}
