import { v } from "convex/values";
import { newEntryFields, vEntry, vKey, vSetResult } from "../js/component/rows/entryValidators.js";
import { setOperation } from "../js/component/rows/operations.js";
import { addressOf, entryOf, liveRow } from "../js/component/rows/rows.js";
import { slotAt } from "../js/component/rows/slots.js";
import { change, execute, resultOf, writeChanged } from "../js/component/rows/writes.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import { mutation, query } from "./_generated/server.js";

provideModules(keysModule);

// The component's public functions that read or write the entry of one key. They are called most
// often, so what is here is loaded most often. Keys are absolute. Each throws a ConvexError with
// {code, message} if its arguments are not usable, and then writes nothing.

/** The entry at `key`, or null if there is none or it has expired. */
export const get = query({
  args: { key: vKey() },
  returns: v.union(v.null(), vEntry()),
  handler: async (ctx, args) => {
    const row = await liveRow(ctx.db, args.key);
    return row && (await entryOf(ctx.db, row));
  },
});

/** Whether there is a live entry at `key`. */
export const has = query({
  args: { key: vKey() },
  returns: v.boolean(),
  handler: async (ctx, args) => (await liveRow(ctx.db, args.key)) !== null,
});

/**
 * Writes the entry at `key`, whole: what was there before is gone, its metadata and expiry too.
 * `ttl` is milliseconds from now and wins over `expiresAt`, milliseconds since the Unix epoch;
 * without either, or with Infinity, the entry never expires. With an expiry in the past there is no
 * entry afterwards. With `keepTtl` a live entry keeps its expiry, with "ifSet" only if it has one.
 * With `ifAbsent` it stays as it is, and so it does with `whenLeft` if value and metadata are the
 * same and at least `whenLeft` milliseconds are left.
 */
export const set = mutation({
  args: newEntryFields(),
  returns: vSetResult(),
  handler: async (ctx, args) => {
    const now = Date.now();
    return resultOf(await execute(ctx, setOperation(args, now), now));
  },
});

/** Deletes the entry at `key`, if there is one. Returns whether there was. */
export const remove = mutation({
  args: { key: vKey() },
  returns: v.boolean(),
  handler: async (ctx, args) => {
    const now = Date.now();
    const slot = await slotAt(ctx.db, addressOf(args.key), now);
    const { row, entry } = slot;
    change(slot, null, now);
    // One that nobody sees any more goes too.
    if (row) await writeChanged(ctx, [slot]);
    return entry !== null;
  },
});
