import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { RangeOptions } from "./arguments.js";
import type { Session } from "./session.js";

/** How many entries there are at and below a prefix; undefined unless the app has them counted. */
export async function knownCount(
  { ctx, component }: Session,
  prefix: KeyPart[],
  { start, after, end, startsWith }: RangeOptions = {},
): Promise<number | undefined> {
  const range = { prefix, start, after, end, startsWith };
  const known = await ctx.runQuery(component.counted.known, range);
  return known?.count;
}
