import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { componentsGeneric } from "convex/server";
import { ConvexError, v } from "convex/values";

const { convexKv } = componentsGeneric() as unknown as { convexKv: ComponentApi };
const kv = kvClientFactory(convexKv);

const notes = kv.use<number, [screen: string, ...rest: (string | number)[]]>(["notes"], v.number());

/** Nobody may write a key that ends so. */
const LOCKED = "locked";
/** Nobody may read below it. */
const SECRET = "secret";

export const {
  get,
  getWithMetadata,
  has,
  getAll,
  list,
  count,
  children,
  set,
  setMany,
  increment,
  remove,
  removeAll,
} = notes.clientApi({
  checkRead: (_, call) => {
    if ("key" in call && call.key[0] === SECRET) throw new ConvexError("It is secret");
    if ("prefix" in call && call.prefix[0] === SECRET) throw new ConvexError("It is secret");
  },
  checkWrite: (_, call) => {
    const keys =
      "entries" in call ? call.entries.map(({ key }) => key) : "key" in call ? [call.key] : [];
    if (keys.some((key) => key.at(-1) === LOCKED)) throw new ConvexError("It is locked");
  },
});
