import { createHash } from "node:crypto";
import type { Deployment } from "../deployment.js";
import { PushError, raceDetected } from "./errors.js";
import type { PushedModule, StartRequest } from "./request.js";

/** The app as it was pushed. The CLI sends only those modules again that it changed since. */
export interface PushedApp {
  functions: string;
  serverVersion: string;
  modules: PushedModule[];
}

const pushedApps = new WeakMap<Deployment, PushedApp>();

export function remember(deployment: Deployment, app: PushedApp): void {
  pushedApps.set(deployment, app);
}

/** What the CLI compares its own modules with. */
export function configHashes(deployment: Deployment | null): object {
  const app = deployment && pushedApps.get(deployment);
  return {
    config: { functions: app?.functions ?? "convex/" },
    moduleHashes: (app?.modules ?? []).map((module) => ({
      path: module.path,
      environment: module.environment,
      hash: sha256(module),
    })),
    nodeDependencies: [],
    ...(app && { udfServerVersion: app.serverVersion }),
  };
}

/** All modules of the pushed app, those that were not sent taken from the current deployment. */
export function wholeApp({ app, functions }: StartRequest, current: Deployment | null): PushedApp {
  const known = current && pushedApps.get(current);
  const deployed = new Map(known?.modules.map((module) => [module.path, module]));
  const kept = app.unchanged.map((hash) => {
    const module = deployed.get(hash.path);
    if (module?.environment !== hash.environment || sha256(module) !== hash.sha256) {
      throw raceDetected();
    }
    return module;
  });
  const modules = [...app.functions, ...kept].sort((a, b) => (a.path < b.path ? -1 : 1));
  return { functions, serverVersion: app.serverVersion, modules };
}

/** Refuses what a deployment would run, but not this backend. */
export function checkSupported(modules: readonly PushedModule[], definitionPath: string): void {
  const where = definitionPath === "" ? "" : ` of the component at ${definitionPath}`;
  for (const { path, environment } of modules) {
    const what = unsupported(path, environment);
    if (!what) continue;
    throw new PushError(
      "UnsupportedModule",
      `${path}${where}: the development backend has no ${what}. It runs queries, mutations, actions and crons.`,
    );
  }
}

function unsupported(path: string, environment: string): string | undefined {
  if (environment !== "isolate") return `"use node" actions`;
  if (path === "http.js") return "HTTP actions";
  if (path === "auth.config.js") return "authentication";
  return undefined;
}

function sha256({ source, sourceMap }: PushedModule): string {
  return createHash("sha256")
    .update(source)
    .update(sourceMap ?? "")
    .digest("hex");
}
