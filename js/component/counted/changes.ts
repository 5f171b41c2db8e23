import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { CountedChange } from "../../core/askCounted.js";
import { failure } from "../../core/failure.js";
import type { Key } from "../../core/key.js";
import { addressOf } from "../rows/rows.js";
import { joinedPath, pathBehind, pathOfPrefix } from "../rows/paths.js";
import type { CountedChangeOf, SumKind } from "./countedValidators.js";
import {
  branchAt,
  branchesIn,
  type BranchRow,
  changeNodes,
  isCounted,
  leavesFor,
} from "./nodes.js";

// What becomes of counted prefixes when entries are written and deleted.

/** For so few keys, each prefix of each is looked up. */
const FEW_KEYS = 8;
/** For more, so many counted prefixes between them are looked at. */
const FEW_PREFIXES = 256;

type Change = CountedChangeOf & { path: ArrayBuffer };

/** Tells all counted prefixes above these keys what became of the entries there. */
export async function noteChanges(
  ctx: MutationCtx,
  given: readonly CountedChangeOf[],
): Promise<void> {
  const all = given.map((change) => ({ ...change, path: addressOf(change.key).path }));
  all.sort((a, b) => compareBytes(a.path, b.path));
  // Of several for one key the last, which sorting leaves behind the others, with what there was
  // before the first.
  const changes: Change[] = [];
  for (const change of all) {
    const last = changes.at(-1);
    if (!last || compareBytes(last.path, change.path) !== 0) changes.push(change);
    else changes.splice(-1, 1, { ...change, before: last.before });
  }
  if (changes.length <= FEW_KEYS) {
    const prefixes = distinctPrefixes(changes);
    // Whether one is counted is known once a branch of it is looked for.
    await Promise.all(
      prefixes.map((prefix) => noteFew(ctx, prefix, changesBelow(prefix, changes))),
    );
    return;
  }
  for (const prefix of await countedAmong(ctx, changes)) {
    const below = changesBelow(prefix, changes);
    if (below.length === 0) continue;
    const [first, last] = [below[0]!.path, below.at(-1)!.path];
    const rows = await branchesIn(ctx.db, pathOfPrefix(prefix), first, behind(last));
    await noteIn(ctx, rows, below);
  }
}

/** Of a prefix that may be counted or not. */
async function noteFew(ctx: MutationCtx, prefix: Key, changes: readonly Change[]): Promise<void> {
  const of = pathOfPrefix(prefix);
  const found = await Promise.all(changes.map(({ path }) => branchAt(ctx.db, of, path)));
  const rows = new Map<string, BranchRow>();
  for (const row of found) if (row) rows.set(row._id, row);
  await noteIn(ctx, [...rows.values()], changes);
}

async function noteIn(
  ctx: MutationCtx,
  rows: readonly BranchRow[],
  changes: readonly Change[],
): Promise<void> {
  // What is behind the last of them is still to be counted.
  const limit = rows.find((row) => !isCounted(row))?.start;
  const counted = rows.filter(isCounted);
  const known = changes.filter(({ path }) => !limit || compareBytes(path, limit) < 0);
  if (counted.length === 0 || known.length === 0) return;
  const { sum } = counted[0]!;
  await changeNodes(ctx, counted, {
    ask: "change",
    changes: known.map((change) => countedChange(change, sum)),
    mostLeaves: await leavesFor(ctx, known.length),
    now: Date.now(),
  });
}

function countedChange(change: Change, sum: SumKind): CountedChange {
  const { key, path, isThere, expiresAt, before } = change;
  return {
    path,
    ...(isThere && { entry: { expiresAt, number: numberOf(change, sum) } }),
    ...(before === null && { before }),
    // A number that its writer did not give is not known.
    ...(before &&
      (sum !== "addend" || before.addend !== undefined) && {
        before: { expiresAt: before.expiresAt, number: numberOf({ key, ...before }, sum) },
      }),
  };
}

/** What a prefix adds up. Throws not_summable if only its own store knows. */
export function numberOf(
  { key, value, addend }: Pick<CountedChangeOf, "key" | "value" | "addend">,
  sum: SumKind,
): number {
  if (sum === "none") return 0;
  if (sum === "value") return value ?? 0;
  if (addend !== undefined) return addend;
  throw failure(
    "not_summable",
    `The entry at ${JSON.stringify(key, (_, part: unknown) => (typeof part === "bigint" ? `${part}n` : part))} is in a store that adds up what a function makes of its values (counted: { sum }). Only set, setMany, replaceAll and update of that store, and set of its atomic, tell what that is.`,
  );
}

/** All prefixes of these keys, each once. */
function distinctPrefixes(changes: readonly Change[]): Key[] {
  const prefixes = new Map<string, Key>();
  for (const { key } of changes) {
    for (let length = 0; length <= key.length; length++) {
      const prefix = key.slice(0, length);
      prefixes.set(String.fromCharCode(...new Uint8Array(pathOfPrefix(prefix))), prefix);
    }
  }
  return [...prefixes.values()];
}

/** The counted prefixes that may have some of these keys, which are in order. */
async function countedAmong(ctx: MutationCtx, changes: readonly Change[]): Promise<Key[]> {
  const [first, last] = [changes[0]!, changes.at(-1)!];
  const shared = sharedPrefix(first.key, last.key);
  const above = shared.map((_, length) => shared.slice(0, length));
  const within = await ctx.db
    .query("countedPrefixes")
    .withIndex("path", (q) => q.gte("path", pathOfPrefix(shared)).lte("path", last.path))
    .take(FEW_PREFIXES);
  if (within.length < FEW_PREFIXES) return [...above, ...within.map(({ prefix }) => prefix)];
  const all = distinctPrefixes(changes);
  const rows = await Promise.all(
    all.map((prefix) =>
      ctx.db
        .query("countedPrefixes")
        .withIndex("path", (q) => q.eq("path", pathOfPrefix(prefix)))
        .first(),
    ),
  );
  return rows.flatMap((row) => (row ? [row.prefix] : []));
}

/** Of keys between which all others lie: what all of them begin with. */
function sharedPrefix(a: Key, b: Key): Key {
  let length = 0;
  const isSame = (i: number) =>
    compareBytes(addressOf([a[i]!]).path, addressOf([b[i]!]).path) === 0;
  while (length < a.length && length < b.length && isSame(length)) length++;
  return a.slice(0, length);
}

function changesBelow(prefix: Key, changes: readonly Change[]): readonly Change[] {
  const lower = pathOfPrefix(prefix);
  const upper = pathBehind(prefix);
  return changes.filter(
    ({ path }) => compareBytes(lower, path) <= 0 && compareBytes(path, upper) < 0,
  );
}

/** The least path behind this one: what is below its key is behind it. */
export function behind(path: ArrayBuffer): ArrayBuffer {
  return joinedPath(path, new ArrayBuffer(1));
}

/** Tells all counted prefixes that all is gone from `lower` up to `upper`, which is below `prefix`. */
export async function noteRemoved(
  ctx: MutationCtx,
  prefix: Key,
  lower: ArrayBuffer,
  upper: ArrayBuffer,
): Promise<void> {
  if (compareBytes(lower, upper) >= 0) return;
  const above = prefix.map((_, length) => prefix.slice(0, length));
  const within = await ctx.db
    .query("countedPrefixes")
    .withIndex("path", (q) => q.gte("path", pathOfPrefix(prefix)).lt("path", upper))
    .collect();
  for (const counted of [...above, ...within.map((row) => row.prefix)]) {
    const end = pathBehind(counted);
    const of = pathOfPrefix(counted);
    // What comes before the prefix is none of its own.
    const from = compareBytes(lower, of) < 0 ? of : lower;
    if (compareBytes(from, end) >= 0) continue;
    const rows = (await branchesIn(ctx.db, of, from, upper)).filter(isCounted);
    await changeNodes(ctx, rows, { ask: "remove", lower, upper });
  }
}

export function compareBytes(a: ArrayBuffer, b: ArrayBuffer): number {
  const [left, right] = [new Uint8Array(a), new Uint8Array(b)];
  const most = Math.min(left.length, right.length);
  for (let i = 0; i < most; i++) if (left[i] !== right[i]) return left[i]! - right[i]!;
  return left.length - right.length;
}
