import { mutation } from "./_generated/server.js";
import { readArgs, reads, writeArgs, writes } from "./operations.js";

export const get = mutation({ args: readArgs.get, handler: reads.get });
export const getWithMetadata = mutation({
  args: readArgs.getWithMetadata,
  handler: reads.getWithMetadata,
});
export const has = mutation({ args: readArgs.has, handler: reads.has });
export const list = mutation({ args: readArgs.list, handler: reads.list });
export const getAll = mutation({ args: readArgs.getAll, handler: reads.getAll });
export const set = mutation({ args: writeArgs.set, handler: writes.set });
export const remove = mutation({ args: writeArgs.delete, handler: writes.delete });
export const deleteAll = mutation({ args: writeArgs.deleteAll, handler: writes.deleteAll });
