import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { deletion, setting, settings, type Setting } from "./kv.js";

const path = v.array(v.string());

/** What applies if an organisation has set nothing. */
const DEFAULTS: { path: string[]; value: Setting }[] = [
  { path: ["mail", "digest"], value: "weekly" },
  { path: ["theme", "color"], value: "slate" },
  { path: ["theme", "density"], value: "cosy" },
];

export const set = mutation({
  args: { org: v.string(), path, value: setting },
  returns: v.null(),
  handler: async (ctx, { org, path, value }) => {
    await settings.set(ctx, [org, ...path], value);
    return null;
  },
});

/** One setting, or its default. */
export const get = query({
  args: { org: v.string(), path },
  returns: v.union(v.null(), setting),
  handler: async (ctx, { org, path }) => {
    const value = await settings.get(ctx, [org, ...path]);
    return value ?? DEFAULTS.find((other) => isSame(other.path, path))?.value ?? null;
  },
});

/** All settings below a path: those that are set, then the defaults of the others. */
export const tree = query({
  args: { org: v.string(), path },
  returns: v.array(v.object({ path, value: setting, isDefault: v.optional(v.boolean()) })),
  handler: async (ctx, { org, path }) => {
    const ofOrg = settings.withPrefix([org]);
    const entries = await ofOrg.getAll(ctx, path);
    // Keys come back absolute: ["settings", org, ...path].
    const own = entries.map(({ key, value }) => ({ path: key.slice(2).map(String), value }));
    const defaults = DEFAULTS.filter(
      (one) =>
        isSame(one.path.slice(0, path.length), path) &&
        !own.some((other) => isSame(other.path, one.path)),
    );
    return [...own, ...defaults.map((one) => ({ ...one, isDefault: true }))];
  },
});

/** Puts everything below a path back to its default. */
export const reset = mutation({
  args: { org: v.string(), path },
  returns: deletion,
  handler: async (ctx, { org, path }) => await settings.deleteAll(ctx, [org, ...path]),
});

function isSame(a: string[], b: string[]): boolean {
  return a.length === b.length && a.every((part, i) => part === b[i]);
}
