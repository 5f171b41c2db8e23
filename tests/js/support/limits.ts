import type { AppMutationCtx } from "./backend.js";

/**
 * Limits of a nested call, as ctx.runQuery and ctx.runMutation of `convex` take them from 1.41 on.
 */
export type Limits = Partial<
  Record<
    | "bytesRead"
    | "bytesWritten"
    | "documentsRead"
    | "documentsWritten"
    | "databaseQueries"
    | "functionsScheduled",
    number
  >
>;

/** What goes on in the background if it is too much for one transaction. */
export const LARGE_CALLS = ["kv/deleteAll", "kv/vacuum", "moves/move", "moves/copy"];

const NAME = Symbol.for("toReferencePath");

/**
 * `ctx` whose calls of the component's functions `names`, all of them by default, have `limits`.
 */
export function withLimits<Ctx extends AppMutationCtx>(
  ctx: Ctx,
  names: readonly string[] | undefined,
  limits: Limits,
): Ctx {
  const options = { transactionLimits: limits };
  const isLimited = (called: unknown) =>
    !names || names.some((name) => (called as Record<symbol, string>)[NAME]!.endsWith(`/${name}`));
  type Run = (called: unknown, args: unknown, options?: object) => Promise<unknown>;
  const limited = (run: Run) => (called: unknown, args: unknown) =>
    isLimited(called) ? run(called, args, options) : run(called, args);
  return {
    ...ctx,
    runQuery: limited(ctx.runQuery as unknown as Run),
    runMutation: limited(ctx.runMutation as unknown as Run),
  };
}
