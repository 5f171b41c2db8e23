import component from "@hamzasaleemorg/convex-kv/test";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { Modules } from "./backend.js";

type Handler = (ctx: MutationCtx, args: never) => unknown;

// A registered function as convex-test runs it.
interface Registered {
  _handler: Handler;
}

/** A registered function whose handler is `wrap(handler)`. */
function wrapped(original: Registered, wrap: (handler: Handler) => Handler): Registered {
  return Object.assign(() => {}, original, { _handler: wrap(original._handler) });
}

/** The component's modules with every handler of `names` wrapped. */
function withWrapped(
  module: string,
  names: string[],
  wrap: (handler: Handler) => Handler,
): Modules {
  return {
    [module]: async () => {
      const original = (await component.modules[module]!()) as unknown as Record<
        string,
        Registered
      >;
      const changed = names.map((name) => [name, wrapped(original[name]!, wrap)] as const);
      return { ...original, ...Object.fromEntries(changed) };
    },
  };
}

/** The component on a platform that does not tell what is left of a transaction's limits. */
export function withoutMetrics(how: "missing" | "refused"): Modules {
  const refuse = () => Promise.reject(new Error("Unknown async operation"));
  const meta = how === "missing" ? undefined : { getTransactionMetrics: refuse };
  const wrap = (handler: Handler): Handler => {
    return (ctx, args) => handler({ ...ctx, meta } as never, args);
  };
  return {
    ...withWrapped("../convex/kv.js", ["list", "getAll", "deleteAll"], wrap),
    ...withWrapped("../convex/tree.js", ["children"], wrap),
    ...withWrapped("../convex/timers.js", ["vacuum"], wrap),
    ...withWrapped("../convex/jobs.js", ["run"], wrap),
  };
}

/** The component with a `vacuum` that goes through `wrap`. */
export function withVacuum(wrap: (handler: Handler) => Handler): Modules {
  return withWrapped("../convex/timers.js", ["vacuum"], wrap);
}

/** The component with background batches that go through `wrap`. */
export function withBatches(wrap: (handler: Handler) => Handler): Modules {
  return withWrapped("../convex/jobs.js", ["run"], wrap);
}

/** The component whose `names` of jobs.ts fail, throwing, while `fails()` says so. */
export function withFailing(names: ("run" | "watch")[], fails: () => boolean): Modules {
  return withWrapped("../convex/jobs.js", names, failing(fails));
}

/** The same for the component whose timers fail. */
export function withFailingTimers(fails: () => boolean): Modules {
  return withWrapped("../convex/timers.js", ["fire"], failing(fails));
}

function failing(fails: () => boolean) {
  return (handler: Handler): Handler =>
    async (ctx, args) => {
      // First the work, as a limit is met in the middle of it; what was written is undone.
      const result = await handler(ctx, args);
      if (fails()) throw new Error("A limit was exceeded");
      return result;
    };
}
