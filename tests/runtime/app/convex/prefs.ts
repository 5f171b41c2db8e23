import { ConvexError, v } from "convex/values";
import { kv } from "./kv.js";

// Functions of a store for clients. Tests write below the prefix that is theirs, without its first
// part, which is the store's.

export const pref = v.union(v.string(), v.number(), v.boolean());
const prefs = kv.use(["tests"], pref);

export const {
  get,
  getWithMetadata,
  has,
  getMany,
  getAll,
  list,
  children,
  count,
  set,
  setMany,
  increment,
  touch,
  remove,
  removeAll,
} = prefs.clientApi({
  checkRead: () => undefined,
  checkWrite: (_, call) => {
    if ("key" in call && call.key.at(-1) === "locked") throw new ConvexError("It is locked");
  },
});
