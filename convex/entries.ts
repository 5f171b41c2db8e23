import { v } from "convex/values";
import { checkAmount } from "../js/component/rows/callLimits.js";
import { vKey, vVersion } from "../js/component/rows/entryValidators.js";
import { mayChangeExpiry, newExpiryOf } from "../js/component/rows/expiry.js";
import { numberOperation, smallValueOf } from "../js/component/rows/numberOperations.js";
import {
  type AtomicOperation,
  newNumberFields,
  vAtomicOperation,
  vAtomicResult,
} from "../js/component/rows/operationValidators.js";
import { deleteOperation, setOperation, type Operation } from "../js/component/rows/operations.js";
import { addressOf, liveRow } from "../js/component/rows/rows.js";
import { readSeveral } from "../js/component/rows/several.js";
import { slotAt } from "../js/component/rows/slots.js";
import { checkWhenLeft, isLeft } from "../js/component/rows/whenLeft.js";
import { change, execute, executeOn, writeChanged } from "../js/component/rows/writes.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { mutation, query } from "./_generated/server.js";

provideModules(keysModule);

// The component's public functions on single entries that do more than read or set one. They need
// no plans. Keys are absolute. As in kv.ts, each throws a ConvexError with {code, message} if its
// arguments are not usable, and then writes nothing.

/**
 * Executes `operations` in order if the entry of each of `checks` has that version (null: there is
 * none); all or nothing. At most 1,000 with the checks. `versions` has one for each operation: that
 * of the key's entry after all of them; null after a delete, and if there is no entry. `failed` are
 * the positions of the checks that did not hold; then nothing is written.
 */
export const atomic = mutation({
  args: {
    checks: v.array(v.object({ key: vKey(), version: vVersion() })),
    operations: v.array(vAtomicOperation()),
  },
  returns: vAtomicResult(),
  handler: async (ctx, args) => {
    checkAmount("atomic", args.checks.length + args.operations.length);
    const now = Date.now();
    const operations = args.operations.map((operation) => operationOf(operation, now));
    const checked = args.checks.map((check) => addressOf(check.key));
    const addresses = [...checked, ...operations.map(({ address }) => address)];
    const { slots, ...execution } = await readSeveral(ctx, addresses, now);
    const failed = args.checks.flatMap((check, i) =>
      check.version === slots[i]!.version ? [] : i,
    );
    if (failed.length > 0) return { ok: false as const, failed };
    const written = slots.slice(checked.length);
    const outcomes = await executeOn(ctx, written, operations, execution);
    const versions = outcomes.map(({ entry, version }) => (entry === null ? null : version));
    return { ok: true as const, versions };
  },
});

/** Adds `operand` to the number at `key`, as `sum` of `atomic` does. Returns the new value. */
export const increment = mutation({
  args: newNumberFields(),
  returns: v.union(v.number(), v.int64()),
  handler: async (ctx, args) => {
    const now = Date.now();
    const { entry } = await execute(ctx, numberOperation("sum", args, now), now);
    return smallValueOf(entry!) as number | bigint;
  },
});

/**
 * Gives the entry at `key` another expiry, and leaves all else as it is. `ttl` and `expiresAt` are
 * as for `set`, and one of them has to be given; a time in the past deletes the entry, and Infinity
 * removes its expiry. Returns whether it did: not if there is no entry, nor if the condition `when`
 * does not hold (mayChangeExpiry), nor if at least `whenLeft` milliseconds are left.
 */
export const expire = mutation({
  args: {
    key: vKey(),
    ttl: v.optional(v.number()),
    expiresAt: v.optional(v.number()),
    when: v.optional(
      v.union(
        v.literal("always"),
        v.literal("ifUnset"),
        v.literal("ifSet"),
        v.literal("later"),
        v.literal("sooner"),
      ),
    ),
    whenLeft: v.optional(v.number()),
    exact: v.optional(v.boolean()),
  },
  returns: v.boolean(),
  handler: async (ctx, { key, when = "always", whenLeft, exact: isExact, ...given }) => {
    const now = Date.now();
    const next = newExpiryOf(now, given.ttl, given.expiresAt);
    checkWhenLeft(whenLeft);
    const slot = await slotAt(ctx.db, addressOf(key), now);
    const { entry } = slot;
    if (entry === null || !mayChangeExpiry(when, entry.expiresAt, next)) return false;
    if (whenLeft !== undefined && isLeft(whenLeft, entry, now)) {
      await writeChanged(ctx, [], [{ ...entry, isExact }]);
      return false;
    }
    // Its epoch stays, so that a move under way still takes it along.
    const expiresAt = next === Infinity ? undefined : next;
    change(slot, { ...entry, expiresAt, isExact }, now);
    await writeChanged(ctx, [slot]);
    return true;
  },
});

/** Removes the expiry of the entry at `key`. Returns whether there was one. */
export const persist = mutation({
  args: { key: vKey() },
  returns: v.boolean(),
  handler: async (ctx, { key }) => {
    const now = Date.now();
    const slot = await slotAt(ctx.db, addressOf(key), now);
    if (slot.entry?.expiresAt === undefined) return false;
    change(slot, { ...slot.entry, expiresAt: undefined }, now);
    await writeChanged(ctx, [slot]);
    return true;
  },
});

/** How many milliseconds the entry at `key` has left. Null: there is none, or it never expires. */
export const ttl = query({
  args: { key: vKey() },
  returns: v.union(v.null(), v.number()),
  handler: async (ctx, { key }) => {
    const row = await liveRow(ctx.db, key);
    return row?.expiresAt === undefined ? null : row.expiresAt - Date.now();
  },
});

function operationOf(operation: AtomicOperation, now: number): Operation {
  if (operation.type === "set") return setOperation(operation, now);
  if (operation.type === "delete") return deleteOperation(operation.key);
  return numberOperation(operation.type, operation, now);
}
