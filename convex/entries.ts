import { v, type Value } from "convex/values";
import { batchedMap, ROWS_AT_ONCE } from "../js/component/plans/batchedMap.js";
import { vListedEntry } from "../js/component/plans/scanValidators.js";
import { checkAmount } from "../js/component/rows/callLimits.js";
import { vKey, vVersion } from "../js/component/rows/entryValidators.js";
import { type ExpireWhen, mayChangeExpiry, newExpiryOf } from "../js/component/rows/expiry.js";
import { storedValueOf, type StoredValue, valueOf } from "../js/component/rows/externalValues.js";
import { numberOperation, smallValueOf } from "../js/component/rows/numberOperations.js";
import {
  type AtomicOperation,
  type AtomicResult,
  newNumberFields,
  vAtomicOperation,
  vAtomicResult,
} from "../js/component/rows/operationValidators.js";
import { deleteOperation, setOperation, type Operation } from "../js/component/rows/operations.js";
import { addressOf, listedEntryOf, liveRow } from "../js/component/rows/rows.js";
import { checkValues, readSeveral } from "../js/component/rows/several.js";
import { type Slot, slotAt } from "../js/component/rows/slots.js";
import { checkWhenLeft, isLeft } from "../js/component/rows/whenLeft.js";
import { change, execute, executeOn, writeChanged } from "../js/component/rows/writes.js";
import { keysModule } from "../js/core/generated/keys.js";
import { provideModules } from "../js/core/instance.js";
import type { KeyPart } from "../js/core/key.js";
import { api } from "./_generated/api.js";
import { mutation, type MutationCtx, query } from "./_generated/server.js";

provideModules(keysModule);

// The component's public functions on single entries that do more than read or set one. They need
// no plans. Keys are absolute. As in kv.ts, each throws a ConvexError with {code, message} if its
// arguments are not usable, and then writes nothing.

/**
 * Executes `operations` in order if the entry of each of `checks` has that version (null: there is
 * none), and there is none at or below each of the prefixes `empty`; all or nothing. At most 1,000
 * with these. `versions` has one for each operation: that of the key's entry after all of them;
 * null after a delete or take, and if there is no entry. `taken` has one for each take: the value
 * that the entry had when its turn came, or null. `failed` are the positions of the checks that did
 * not hold, and of the prefixes, counted on; then nothing is written.
 */
export const atomic = mutation({
  args: {
    checks: v.array(v.object({ key: vKey(), version: vVersion() })),
    empty: v.optional(v.array(vKey())),
    operations: v.array(vAtomicOperation()),
  },
  returns: vAtomicResult(),
  handler: async (ctx, { checks, empty = [], ...args }): Promise<AtomicResult> => {
    checkAmount("atomic", checks.length + empty.length + args.operations.length);
    const now = Date.now();
    const taken: (StoredValue | null)[] = [];
    const operations = args.operations.map((operation) =>
      operationOf(operation, now, (value) => taken.push(value)),
    );
    const checked = checks.map((check) => addressOf(check.key));
    const addresses = [...checked, ...operations.map(({ address }) => address)];
    const { slots, ...execution } = await readSeveral(ctx, addresses, now);
    const failed = checks.flatMap((check, i) => (check.version === slots[i]!.version ? [] : i));
    for (const [i, prefix] of empty.entries()) {
      if (!(await isEmpty(ctx, prefix))) failed.push(checks.length + i);
    }
    if (failed.length > 0) return { ok: false, failed };
    const written = slots.slice(checked.length);
    let values: (Value | null)[] = [];
    const outcomes = await executeOn(ctx, written, operations, {
      ...execution,
      // Their documents go with what is written.
      check: async (ctx, slots) => {
        await execution.check?.(ctx, slots);
        values = await takenValues(ctx, taken);
      },
    });
    const versions = outcomes.map(({ entry, version }) => (entry === null ? null : version));
    return { ok: true, versions, taken: values };
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
    onExpire: v.optional(v.string()),
  },
  returns: v.boolean(),
  handler: async (ctx, { key, when = "always", whenLeft, exact: isExact, onExpire, ...given }) => {
    const now = Date.now();
    const next = newExpiryOf(now, given.ttl, given.expiresAt);
    checkWhenLeft(whenLeft);
    const slot = await slotAt(ctx.db, addressOf(key), now);
    return await changeExpiry(ctx, slot, { next, when, whenLeft, isExact, onExpire, now });
  },
});

/**
 * Reads the entry at `key`, and prolongs it: if less than `whenLeft` milliseconds are left of it,
 * it expires `ttl` milliseconds from now, unless that is sooner. All else stays as it is, and so
 * does an entry that never expires. Returns it as it is then, without its value if that is not
 * wanted; null if there is none.
 */
export const touch = mutation({
  args: {
    key: vKey(),
    ttl: v.number(),
    whenLeft: v.number(),
    exact: v.optional(v.boolean()),
    onExpire: v.optional(v.string()),
    includeValue: v.boolean(),
  },
  returns: v.union(v.null(), vListedEntry()),
  handler: async (ctx, { key, ttl, whenLeft, exact: isExact, onExpire, includeValue }) => {
    const now = Date.now();
    const next = newExpiryOf(now, ttl);
    checkWhenLeft(whenLeft);
    const slot = await slotAt(ctx.db, addressOf(key), now);
    const { row } = slot;
    if (row === null || slot.entry === null) return null;
    await changeExpiry(ctx, slot, { next, when: "later", whenLeft, isExact, onExpire, now });
    const { expiresAt } = slot.entry;
    return {
      ...listedEntryOf({ ...row, expiresAt }),
      version: slot.version!,
      ...(includeValue && { value: await valueOf(ctx.db, row) }),
    };
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

function operationOf(
  operation: AtomicOperation,
  now: number,
  onTaken: (value: StoredValue | null) => void,
): Operation {
  if (operation.type === "set") return setOperation(operation, now);
  if (operation.type === "delete") return deleteOperation(operation.key);
  if (operation.type === "take") return deleteOperation(operation.key, onTaken);
  return numberOperation(operation.type, operation, now);
}

/** Whether there is no live entry at and below `prefix`. What reads ranges is loaded only here. */
async function isEmpty(ctx: MutationCtx, prefix: KeyPart[]): Promise<boolean> {
  return (await ctx.runQuery(api.tree.first, { prefix, includeValues: false })) === null;
}

/**
 * The values that are to be taken, which are stored until then. Throws too_many_entries if the
 * transaction cannot read and delete them.
 */
async function takenValues(
  ctx: MutationCtx,
  taken: readonly (StoredValue | null)[],
): Promise<(Value | null)[]> {
  if (taken.length === 0) return [];
  await checkValues(
    ctx,
    taken.map((value) => (value && "external" in value ? value.external : undefined)),
    (takes) =>
      `These values cannot be taken together, since each is read twice, to return it and to delete it: ${takes}. Take fewer at a time, or read a large one with getWithMetadata, and delete it in a commit that checks its version.`,
    2,
  );
  return await batchedMap(
    ROWS_AT_ONCE,
    taken,
    async (value) => value && (await storedValueOf(ctx.db, value)),
  );
}

interface ExpiryChange {
  /** Infinity: it is to expire no more. */
  next: number;
  when: ExpireWhen;
  whenLeft: number | undefined;
  isExact: boolean | undefined;
  onExpire: string | undefined;
  now: number;
}

/** Gives the entry of a slot another expiry, if there is one and the conditions hold. */
async function changeExpiry(
  ctx: MutationCtx,
  slot: Slot,
  { next, when, whenLeft, isExact, onExpire, now }: ExpiryChange,
): Promise<boolean> {
  const { entry } = slot;
  if (entry === null || !mayChangeExpiry(when, entry.expiresAt, next)) return false;
  if (whenLeft !== undefined && isLeft(whenLeft, entry, now)) {
    await writeChanged(ctx, [], [{ ...entry, isExact }]);
    return false;
  }
  // Its epoch stays, so that a move under way still takes it along.
  const expiresAt = next === Infinity ? undefined : next;
  change(slot, { ...entry, expiresAt, isExact, onExpire }, now);
  await writeChanged(ctx, [slot]);
  return true;
}
