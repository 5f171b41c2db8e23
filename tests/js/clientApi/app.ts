import { type ClientApiOptions, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { anyApi, type ApiFromModules, type GenericDataModel } from "convex/server";
import { v } from "convex/values";
import { api as component, startBackend } from "../support/backend.js";

// An app whose stores have functions for clients, as a deployment registers them.

export const kv = kvClientFactory(component);

type Options = ClientApiOptions<GenericDataModel, [user: string], never>;

/** Lets everyone in, to what is below the caller's own name. */
export const own: Options = {
  checkRead: () => {},
  checkWrite: () => {},
  scope: async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return identity && [identity.subject];
  },
};

export const open = { checkRead: () => {}, checkWrite: () => {} };

export const prefs = kv.use(["prefs"], v.union(v.string(), v.number()));
export const modules = {
  mine: prefs.clientApi(own),
  all: prefs.clientApi(open),
  texts: kv.use(["texts"], v.string()).clientApi(open),
  bigints: kv.use(["bigints"], v.int64()).clientApi(open),
};
export const api = anyApi as unknown as ApiFromModules<typeof modules>;

/** That app, or one of other functions, on an empty database. */
export function startApp(functions: Record<string, Record<string, unknown>> = modules) {
  const files = Object.entries(functions).map(([name, module]) => [
    `/convex/${name}.ts`,
    () => Promise.resolve(module),
  ]);
  return startBackend({ modules: Object.fromEntries(files) as never });
}

/** The clients of one user. */
export function clientOf({ t }: ReturnType<typeof startApp>, subject: string) {
  return t.withIdentity({ subject });
}
