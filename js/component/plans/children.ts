import { compareValues } from "convex/values";
import type { QueryCtx } from "../../../convex/_generated/server.js";
import { isFailure } from "../../core/failure.js";
import type { Key, KeyPart } from "../../core/key.js";
import type { ChildrenStep } from "../../core/messages.js";
import { openPlan, type PlanKeys } from "../../core/openPlan.js";
import { pathBehind, pathOfPrefix } from "../rows/paths.js";
import type { Row } from "../rows/rows.js";
import { type PlanHost, runPlan } from "./runner.js";
import { transactionLimits } from "./transactionLimits.js";

// Pages of children: up to a limit, or up to where another page begins.

/** Of one prefix; other bounds are relative to it. */
export type ChildrenKeys = PlanKeys & { prefix: Key };

export interface ChildrenRequest {
  limit?: number;
  cursor?: string | null;
  reverse?: boolean;
}

export interface ChildrenPage {
  children: { part: KeyPart; hasEntry: boolean; hasChildren: boolean }[];
  continueCursor: string;
  isDone: boolean;
  splitCursor?: string;
  pageStatus?: "SplitRequired";
}

const DEFAULT_LIMIT = 100;
/** The most elements of an array, which an answer has. */
const MOST = 8_192;

/** At most `limit` children, and as many as one transaction can look at. */
export async function childrenPage(
  ctx: QueryCtx,
  keys: ChildrenKeys,
  request: ChildrenRequest,
): Promise<ChildrenPage> {
  const depth = keys.prefix.length;
  const parts: (KeyPart | undefined)[] = [];
  const host: PlanHost<Row> = {
    usesValues: false,
    onRead: (rows) => {
      for (const { key } of rows) parts.push(key[depth]);
    },
  };
  const step = await runPlan<ChildrenStep>(ctx, { plan: "children", ...request }, host, keys);
  const children = step.children.map(([row, hasEntry, hasChildren]) => ({
    part: parts[row]!,
    hasEntry,
    hasChildren,
  }));
  return { children, continueCursor: step.cursor, isDone: step.isDone };
}

/**
 * All children up to the position of `endCursor`, whatever the limit: it only says how many there
 * were. "" is the end. A page that has become too long for a transaction holds the first of them, and
 * says where to split it.
 */
export async function childrenUntil(
  ctx: QueryCtx,
  keys: ChildrenKeys,
  { limit = DEFAULT_LIMIT, cursor, reverse }: ChildrenRequest,
  endCursor: string,
): Promise<ChildrenPage> {
  const isWithin = endCursor === "" ? () => true : withinOf(keys, reverse, endCursor);
  const end = { continueCursor: endCursor, isDone: endCursor === "" };
  const children: ChildrenPage["children"] = [];
  // Each step may take half of the limits if it is not known what is left of them.
  const tells = (await transactionLimits(ctx)) !== null;
  let from = cursor;
  for (let most = limit; ; most = Math.min(2 * most, MOST - children.length)) {
    const page = await nextPage(ctx, keys, { limit: most, cursor: from, reverse }, from !== cursor);
    if (!page) return { children, ...end, ...splitAt(from!) };
    const found = page.children.filter(({ part }) => isWithin(part));
    children.push(...found);
    from = page.continueCursor;
    const isPast = found.length < page.children.length || from === endCursor;
    if (page.isDone || isPast) return { children, ...end };
    if (!tells || children.length >= MOST / 2) {
      return { children, ...end, ...splitAt(from) };
    }
  }
}

const splitAt = (splitCursor: string) => ({ splitCursor, pageStatus: "SplitRequired" as const });

/** The next part of a page; null if it is not the first, and the transaction has no room for it. */
async function nextPage(
  ctx: QueryCtx,
  keys: ChildrenKeys,
  request: ChildrenRequest,
  isLater: boolean,
): Promise<ChildrenPage | null> {
  try {
    return await childrenPage(ctx, keys, request);
  } catch (error) {
    if (isLater && isFailure(error) && error.data.code === "transaction_full") return null;
    throw error;
  }
}

/**
 * Whether a child is wholly before the position of a cursor. One that the position is within belongs
 * to the page that begins there.
 */
function withinOf(keys: ChildrenKeys, reverse: boolean | undefined, cursor: string) {
  // The core refuses a cursor that is not of this prefix, these bounds and this direction.
  openPlan({ plan: "children", cursor, reverse, transactionLimits: null }, keys).close();
  const position = positionOf(cursor);
  return (part: KeyPart): boolean => {
    const child = [...keys.prefix, part];
    return reverse
      ? compareValues(pathOfPrefix(child), position) >= 0
      : compareValues(pathBehind(child), position) <= 0;
  };
}

/** The sort key that a cursor names (src/convex_kv/plans/cursor.hpp), which the core has checked. */
function positionOf(cursor: string): ArrayBuffer {
  const [, , position] = JSON.parse(binaryOf(cursor)) as [number, string, string];
  return Uint8Array.from(binaryOf(position), (byte) => byte.charCodeAt(0)).buffer;
}

const binaryOf = (base64url: string) => atob(base64url.replaceAll("-", "+").replaceAll("_", "/"));
