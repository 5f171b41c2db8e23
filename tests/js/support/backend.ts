import {
  type ComponentApi,
  kvClientFactory,
  type KvClient,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import component from "@hamzasaleemorg/convex-kv/test";
import { convexTest } from "convex-test";
import { componentsGeneric, type GenericActionCtx, type GenericDataModel } from "convex/server";
import { beforeEach } from "vitest";
import type { MutationCtx } from "../../../convex/_generated/server.js";

export type AppMutationCtx = RunQuery & RunMutation;
export type AppActionCtx = Pick<
  GenericActionCtx<GenericDataModel>,
  "runQuery" | "runMutation" | "runAction"
>;
export type Modules = Record<string, () => Promise<unknown>>;

export interface BackendOptions {
  /** Limits lower than the platform's, on what one transaction does. */
  limits?: Partial<
    Record<
      "bytesRead" | "bytesWritten" | "documentsRead" | "documentsWritten" | "databaseQueries",
      number
    >
  >;
  /** The app's own functions. */
  modules?: Modules;
  /** What stands in for some of the component's own modules. */
  componentModules?: Modules;
}

export interface Backend {
  t: ReturnType<typeof convexTest>;
  kv: KvClient;
  /** Runs `body` as a mutation of the app. */
  run<T>(body: (ctx: AppMutationCtx) => Promise<T>): Promise<T>;
  /** Runs `body` as a query of the app. */
  read<T>(body: (ctx: RunQuery) => Promise<T>): Promise<T>;
  /** Runs `body` as an action of the app. */
  act<T>(body: (ctx: AppActionCtx) => Promise<T>): Promise<T>;
  /** Runs `body` on the component's own tables. */
  inside<T>(body: (ctx: MutationCtx) => Promise<T>): Promise<T>;
  /** Runs one of the component's mutations, internal ones too: "jobs:run". */
  call(mutation: string, args: object): Promise<unknown>;
}

const NAME = "convexKv";

/** The component's API, as an app has it in `components.convexKv`. */
export const api = (componentsGeneric() as unknown as Record<string, ComponentApi>)[NAME]!;

// What convex-test's accessor has and does not declare.
interface Undeclared {
  runInComponent<T>(path: string, body: (ctx: MutationCtx) => Promise<T>): Promise<T>;
  mutationFromPath(
    path: { componentPath: string; udfPath: string },
    args: object,
  ): Promise<unknown>;
}

/** An app with the component installed, on an empty database, with the platform's limits. */
export function startBackend(options: BackendOptions = {}): Backend {
  const t = convexTest({
    modules: { "/convex/_generated/api.js": () => Promise.resolve({}), ...options.modules },
    transactionLimits: options.limits ?? true,
  });
  t.registerComponent(NAME, component.schema, {
    ...component.modules,
    ...options.componentModules,
  });
  const undeclared = t as unknown as Undeclared;
  return {
    t,
    kv: kvClientFactory(api),
    run: async (body) => (await t.mutation(body)) as never,
    read: async (body) => (await t.query(body)) as never,
    act: async (body) => (await t.action(body)) as never,
    inside: (body) => undeclared.runInComponent(NAME, body),
    call: (udfPath, args) => undeclared.mutationFromPath({ componentPath: NAME, udfPath }, args),
  };
}

/** The same for the tests of this file, or of this `describe`: a fresh one before each. */
export function useBackend(options?: BackendOptions): Restartable {
  const backend = {
    restart: (options) => void Object.assign(backend, startBackend(options)),
  } as Restartable;
  beforeEach(() => backend.restart(options));
  return backend;
}

export interface Restartable extends Backend {
  /** Begins anew, for a test that needs other options. */
  restart(options?: BackendOptions): void;
}
