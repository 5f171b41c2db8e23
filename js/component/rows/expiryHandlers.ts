import type { Id } from "../../../convex/_generated/dataModel.js";
import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { Slot } from "./slots.js";

// Who is told when an entry has expired: a function of the app, which the component knows by its
// handle. An entry refers to it by an id, so that the handle is stored once and not in each row.

/** Gives the entries that are to be written their handlers. */
export async function setHandlers(ctx: MutationCtx, slots: Iterable<Slot>): Promise<void> {
  const known = new Map<string, Id<"expiryHandlers">>();
  for (const slot of slots) {
    const handle = slot.entry?.onExpire;
    if (handle === undefined) continue;
    const handler = known.get(handle) ?? (await handlerOf(ctx, handle));
    known.set(handle, handler);
    slot.entry = { ...slot.entry!, handler };
  }
}

async function handlerOf({ db }: MutationCtx, handle: string): Promise<Id<"expiryHandlers">> {
  const found = await db
    .query("expiryHandlers")
    .withIndex("handle", (q) => q.eq("handle", handle))
    .first();
  return found ? found._id : await db.insert("expiryHandlers", { handle });
}
