import { action } from "./_generated/server.js";
import { readArgs, reads, writeArgs, writes } from "./operations.js";

export const get = action({ args: readArgs.get, handler: reads.get });
export const getWithMetadata = action({
  args: readArgs.getWithMetadata,
  handler: reads.getWithMetadata,
});
export const has = action({ args: readArgs.has, handler: reads.has });
export const list = action({ args: readArgs.list, handler: reads.list });
export const getAll = action({ args: readArgs.getAll, handler: reads.getAll });
export const set = action({ args: writeArgs.set, handler: writes.set });
export const remove = action({ args: writeArgs.delete, handler: writes.delete });
export const deleteAll = action({ args: writeArgs.deleteAll, handler: writes.deleteAll });
