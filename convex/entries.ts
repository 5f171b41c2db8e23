import { v } from "convex/values";
import { entriesModule } from "../js/core/generated/entries.js";
import { ship } from "../js/core/instance.js";
import { mayChangeExpiry, newExpiryOf } from "../js/core/expiryChange.js";
import { loadCore } from "../js/core/loadCore.js";
import { mutation, query } from "./_generated/server.js";
import { calculating, smallValueOf } from "../js/component/rows/numberOperations.js";
import {
  type AtomicOperation,
  atomicOperation,
  atomicResult,
  newNumber,
} from "../js/component/rows/operationValidators.js";
import { currentEpoch } from "../js/component/background/epochs.js";
import { deleting, setting, type Operation } from "../js/component/rows/operations.js";
import { placeAt } from "../js/component/rows/slots.js";
import { addressOf, liveRow } from "../js/component/rows/rows.js";
import { checkWrites, placesAt } from "../js/component/rows/several.js";
import { key, version } from "./validators.js";
import { checkWhenLeft, isLeft } from "../js/component/rows/whenLeft.js";
import { carryOut, carryOutAt, change, writeChanged } from "../js/component/rows/writes.js";

ship(entriesModule);

// The component's public functions on single entries that are more than to read and to set one: they
// need no plans. Keys are absolute. As in kv.ts, each throws a ConvexError with {code, message} where its
// arguments are not usable, and then writes nothing.

/**
 * Carries out `operations` in order if the entry of each of `checks` has that version (null: there is
 * none); all or nothing. At most 1,000 with the checks. `versions` has one for each operation: that of
 * the key's entry after all of them; null after a delete, and where there is no entry. `failed` are the
 * positions of the checks that did not hold; then nothing is written.
 */
export const atomic = mutation({
  args: {
    checks: v.array(v.object({ key, version })),
    operations: v.array(atomicOperation),
  },
  returns: atomicResult,
  handler: async (ctx, args) => {
    const core = loadCore();
    core.checkAmount("atomic", args.checks.length + args.operations.length);
    const now = Date.now();
    const operations = args.operations.map((operation) => operationOf(operation, now));
    const checked = args.checks.map((check) => addressOf(check.key));
    const addresses = [...checked, ...operations.map(({ address }) => address)];
    const reads = [placesAt(ctx, addresses, now), currentEpoch(ctx)] as const;
    const [places, epoch] = await Promise.all(reads);
    const failed = args.checks.flatMap((check, i) =>
      check.version === places[i]!.version ? [] : i,
    );
    if (failed.length > 0) return { ok: false as const, failed };
    const behind = places.slice(checked.length);
    const outcomes = await carryOutAt(ctx, behind, operations, { now, epoch, check: checkWrites });
    const versions = outcomes.map(({ entry, version }) => (entry === null ? null : version));
    return { ok: true as const, versions };
  },
});

/** Adds `operand` to the number at `key`, as `sum` of `atomic` does. Returns the new value. */
export const increment = mutation({
  args: newNumber,
  returns: v.union(v.number(), v.int64()),
  handler: async (ctx, args) => {
    const now = Date.now();
    const { entry } = await carryOut(ctx, calculating("sum", args, now), now);
    return smallValueOf(entry!) as number | bigint;
  },
});

/**
 * Gives the entry at `key` another expiry, and leaves all else as it is. `ttl` and `expiresAt` are as
 * for `set`, and one of them has to be given; a time that is past deletes the entry, and Infinity takes
 * its expiry away. Returns whether it did: not if there is no entry, nor if the condition `when` does
 * not hold (src/convex_kv/rules/expiry.hpp), nor if `whenLeft` milliseconds or more are left of it.
 */
export const expire = mutation({
  args: {
    key,
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
    const place = await placeAt(ctx.db, addressOf(key), now);
    const { entry } = place;
    if (entry === null || !mayChangeExpiry(when, entry.expiresAt, next)) return false;
    if (whenLeft !== undefined && isLeft(whenLeft, entry, now)) {
      await writeChanged(ctx, [], [{ ...entry, isExact }]);
      return false;
    }
    // Its epoch stays: a deletion under way that was to delete it still has to.
    const expiresAt = next === Infinity ? undefined : next;
    change(place, { ...entry, expiresAt, isExact }, now);
    await writeChanged(ctx, [place]);
    return true;
  },
});

/** Takes the expiry of the entry at `key` away. Returns whether there was one. */
export const persist = mutation({
  args: { key },
  returns: v.boolean(),
  handler: async (ctx, { key }) => {
    const now = Date.now();
    const place = await placeAt(ctx.db, addressOf(key), now);
    if (place.entry?.expiresAt === undefined) return false;
    change(place, { ...place.entry, expiresAt: undefined }, now);
    await writeChanged(ctx, [place]);
    return true;
  },
});

/** For how many milliseconds the entry at `key` is still there. Null: there is none, or it stays. */
export const ttl = query({
  args: { key },
  returns: v.union(v.null(), v.number()),
  handler: async (ctx, { key }) => {
    const row = await liveRow(ctx.db, key);
    return row?.expiresAt === undefined ? null : row.expiresAt - Date.now();
  },
});

function operationOf(operation: AtomicOperation, now: number): Operation {
  if (operation.type === "set") return setting(operation, now);
  if (operation.type === "delete") return deleting(operation.key);
  return calculating(operation.type, operation, now);
}
