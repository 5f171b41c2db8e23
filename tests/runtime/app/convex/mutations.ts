import { mutation } from "./_generated/server.js";
import { writeArgs, writes } from "./operations.js";

export const set = mutation({ args: writeArgs.set, handler: writes.set });
export const remove = mutation({ args: writeArgs.delete, handler: writes.delete });
export const deleteAll = mutation({ args: writeArgs.deleteAll, handler: writes.deleteAll });
