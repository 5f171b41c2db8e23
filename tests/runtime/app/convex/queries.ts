import { query } from "./_generated/server.js";
import { readArgs, reads } from "./operations.js";

export const get = query({ args: readArgs.get, handler: reads.get });
export const getWithMetadata = query({
  args: readArgs.getWithMetadata,
  handler: reads.getWithMetadata,
});
export const has = query({ args: readArgs.has, handler: reads.has });
export const list = query({ args: readArgs.list, handler: reads.list });
export const getAll = query({ args: readArgs.getAll, handler: reads.getAll });
