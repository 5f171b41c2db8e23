import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { type RangeOptions, selectorOf } from "./arguments.js";
import type { Session } from "./session.js";
import { hasProgress } from "./terminal/progress.js";

/** How many entries there are in a range, if the app has them counted. */
export async function countedTotal(
  { ctx, component }: Session,
  prefix: KeyPart[],
  { start, after, end, startsWith }: RangeOptions,
): Promise<number | undefined> {
  const range = { prefix, start, after, end, startsWith };
  return (await ctx.runQuery(component.counted.known, range))?.count;
}

/**
 * How much there is to do with the entries of a range, for `showProgress`: if they are counted, or
 * so few that one query counts them. Asks nothing if no progress is shown.
 */
export async function totalOf(
  session: Session,
  prefix: KeyPart[],
  range: RangeOptions = {},
): Promise<number | undefined> {
  if (!hasProgress()) return undefined;
  const known = await countedTotal(session, prefix, range);
  if (known !== undefined) return known;
  const { ctx, store } = session;
  const { count, isDone } = await store.count(ctx, prefix, selectorOf(range));
  return isDone ? count : undefined;
}
