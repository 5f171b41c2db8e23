import { install } from "@sinonjs/fake-timers";
import { convexTest } from "convex-test";
import type {
  GenericDatabaseWriter,
  GenericDataModel,
  GenericMutationCtx,
  GenericQueryCtx,
  GenericSchema,
  SchemaDefinition,
} from "convex/server";
import { withoutLimits } from "./usage.js";

// What is measured: a key-value component in an app on an empty database with the platform's
// limits.

export type QueryCtx = Pick<GenericQueryCtx<GenericDataModel>, "runQuery">;
export type MutationCtx = Pick<GenericMutationCtx<GenericDataModel>, "runQuery" | "runMutation">;
export type Tables = GenericDatabaseWriter<GenericDataModel>;

export interface NewEntry {
  key: string[];
  value: string;
  expiresAt?: number;
}

/** The operations of a component, as an app calls them. */
export interface Store {
  schema: SchemaDefinition<GenericSchema, boolean>;
  modules: Record<string, () => Promise<unknown>>;
  /** Writes an entry as `set` would, from inside: `set` is slow if there are many. */
  fill(db: Tables, entry: NewEntry): Promise<void>;
  get(ctx: QueryCtx, key: string[]): Promise<unknown>;
  has(ctx: QueryCtx, key: string[]): Promise<boolean>;
  set(ctx: MutationCtx, entry: NewEntry): Promise<void>;
  /** A page. Left out if it does not run on a deployment. */
  list?(
    ctx: QueryCtx,
    prefix: string[],
    options: { limit: number; cursor?: string; includeValues: boolean },
  ): Promise<{ entries: unknown[]; continueCursor: string }>;
  getAll(ctx: QueryCtx, prefix: string[], includeValues: boolean): Promise<unknown[]>;
  getMany(ctx: QueryCtx, keys: string[][]): Promise<unknown[]>;
  setMany(ctx: MutationCtx, entries: NewEntry[]): Promise<void>;
  deleteAll(ctx: MutationCtx, prefix: string[]): Promise<unknown>;
  /** Whether the app has to call it again, or it sees to the rest itself. */
  vacuum(ctx: MutationCtx): Promise<{ again: boolean }>;
}

export interface App {
  store: Store;
  query(body: (ctx: QueryCtx) => Promise<unknown>): Promise<void>;
  mutation(body: (ctx: MutationCtx) => Promise<unknown>): Promise<void>;
  /** Runs all that is scheduled for now, and what that schedules, to the end. */
  background(): Promise<void>;
  /** Works on the component's tables, beyond all limits. */
  inside<T>(body: (db: Tables) => Promise<T>): Promise<T>;
}

export const NAME = "convexKv";

// Nothing waits: what is scheduled runs when it is told to, and what is due later does not.
export const clock = install({
  now: Date.UTC(2026, 7, 1, 12),
  toFake: ["Date", "setTimeout", "clearTimeout"],
});

// What convex-test's accessor has and does not declare.
interface Undeclared {
  runInComponent<T>(path: string, body: (ctx: { db: Tables }) => Promise<T>): Promise<T>;
}

export function startApp(store: Store): App {
  const modules = { "/convex/_generated/api.js": () => Promise.resolve({}) };
  const t = convexTest({ modules, transactionLimits: true });
  t.registerComponent(NAME, store.schema, store.modules);
  const { runInComponent } = t as unknown as Undeclared;
  // What a function returns costs nothing that is counted here.
  return {
    store,
    query: (body) => t.query(async (ctx) => void (await body(ctx))),
    mutation: (body) => t.mutation(async (ctx) => void (await body(ctx))),
    background: () => t.finishAllScheduledFunctions(() => clock.tick(0), 1e6),
    inside: (body) => withoutLimits(() => runInComponent(NAME, ({ db }) => body(db))),
  };
}
