import { query } from "./_generated/server.js";

export const isThere = query({ args: {}, handler: (ctx) => "meta" in ctx });
