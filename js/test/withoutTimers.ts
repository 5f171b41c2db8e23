import type { DataModel } from "../../convex/_generated/dataModel.js";
import type { GenericMutationCtx } from "convex/server";

// For tests that let time run to its end: the component's functions, without what they schedule for
// later. What they schedule for at once, the batches of background work, stays. Only what is
// registered is changed, so that other tests of the same process keep their timers, and what is
// deployed is unchanged.

export type Modules = Record<string, () => Promise<unknown>>;
type Ctx = GenericMutationCtx<DataModel>;
type Handler = (ctx: Ctx, args: unknown) => unknown;
type System = Ctx["db"]["system"];

/** The id of all calls that are never made. To the component they are still to come. */
const NEVER = "never" as Parameters<Ctx["scheduler"]["cancel"]>[0];

/** The same modules, whose mutations schedule nothing for later. */
export function withoutTimers(modules: Modules): Modules {
  const changed = Object.entries(modules).map(([path, load]): [string, Modules[string]] => [
    path,
    async () => {
      const exported = Object.entries((await load()) as Record<string, unknown>);
      return Object.fromEntries(exported.map(([name, value]) => [name, withoutTimersIn(value)]));
    },
  ]);
  return Object.fromEntries(changed);
}

/** A registered mutation as convex-test runs it. */
interface Mutation {
  isMutation: true;
  _handler: Handler;
}

function withoutTimersIn(value: unknown): unknown {
  const original = value as Partial<Mutation> | undefined;
  if (!original?.isMutation || !original._handler) return value;
  const { _handler } = original;
  const handler: Handler = (ctx, args) => _handler(contextWithoutTimers(ctx), args);
  return Object.assign(() => {}, original, { _handler: handler });
}

function contextWithoutTimers(ctx: Ctx): Ctx {
  const { scheduler, db } = ctx;
  const { system } = db;
  return {
    ...ctx,
    scheduler: {
      ...scheduler,
      runAt: () => Promise.resolve(NEVER),
      cancel: async (id) => {
        if (id !== NEVER) await scheduler.cancel(id);
      },
    },
    db: {
      ...db,
      system: {
        ...system,
        normalizeId: ((table, id) =>
          id === NEVER ? NEVER : system.normalizeId(table, id)) as System["normalizeId"],
        get: (async (table: "_scheduled_functions", id: typeof NEVER) =>
          id === NEVER
            ? { _id: NEVER, state: { kind: "pending" } }
            : await system.get(table, id)) as System["get"],
      },
    },
  };
}
