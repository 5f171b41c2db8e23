import type { BaseStore } from "@langchain/core/stores";
import type { Storage } from "unstorage";

// What is done with a store, and what comes of it.

export interface Step<T> {
  name: string;
  run(store: T): Promise<unknown>;
}

/** All that an iterator gives, in one order: each store has its own. */
async function sorted(iterator: AsyncIterable<unknown>): Promise<string[]> {
  const all: string[] = [];
  for await (const one of iterator) all.push(JSON.stringify(one));
  return all.sort();
}

/** What Keyv 5 and 6 have in common. */
interface AnyKeyv {
  get(key: string): Promise<unknown>;
  getMany(keys: string[]): Promise<unknown[]>;
  set(key: string, value: unknown, ttl?: number): Promise<boolean>;
  setMany(entries: { key: string; value: unknown; ttl?: number }[]): Promise<unknown>;
  has(key: string): Promise<boolean>;
  hasMany(keys: string[]): Promise<boolean[]>;
  delete(key: string): Promise<boolean>;
  clear(): Promise<void>;
}

export const keyvSteps: Step<AnyKeyv>[] = [
  {
    name: "nothing is there",
    run: async (keyv) => [await keyv.get("a"), await keyv.has("a"), await keyv.delete("a")],
  },
  {
    name: "what is set is there, of whatever type",
    run: async (keyv) => {
      const values = ["", "text", 0, false, null, [1, [2]], { a: { b: "c" } }, "n:a", "ä😀"];
      const set = [];
      for (const [i, value] of values.entries()) set.push(await keyv.set(`k${i}`, value));
      const keys = values.map((_, i) => `k${i}`);
      return [set, await Promise.all(keys.map((key) => keyv.get(key))), await keyv.getMany(keys)];
    },
  },
  {
    name: "what is overwritten is as it was written last",
    run: async (keyv) => [await keyv.set("a", 1), await keyv.set("a", 2), await keyv.get("a")],
  },
  {
    name: "several at once",
    run: async (keyv) => {
      await keyv.setMany([
        { key: "a", value: 1 },
        { key: "b", value: 2, ttl: 60_000 },
      ]);
      return [await keyv.getMany(["b", "none", "a"]), await keyv.hasMany(["a", "none"])];
    },
  },
  {
    name: "what is deleted is gone, and only that",
    run: async (keyv) => {
      for (const key of ["a", "b", "ab"]) await keyv.set(key, key);
      const deleted = [await keyv.delete("a"), await keyv.delete("a")];
      return [deleted, await keyv.getMany(["a", "b", "ab"])];
    },
  },
  {
    name: "all are cleared",
    run: async (keyv) => {
      for (const key of ["a", "b", ":", ";"]) await keyv.set(key, key);
      await keyv.clear();
      return await keyv.getMany(["a", "b", ":", ";"]);
    },
  },
];

export const storageSteps: Step<Storage>[] = [
  {
    name: "nothing is there",
    run: async (storage) => [
      await storage.getItem("a"),
      await storage.getItemRaw("a"),
      await storage.hasItem("a"),
      await storage.getKeys(),
      await storage.getMeta("a"),
    ],
  },
  {
    name: "what is set is there, of whatever type",
    run: async (storage) => {
      const values = ["text", "", "12", 0, false, true, null, [1, [2]], { a: { b: 1 } }, "ä😀"];
      for (const [i, value] of values.entries()) await storage.setItem(`k:${i}`, value as never);
      const keys = values.map((_, i) => `k:${i}`);
      return [
        await Promise.all(keys.map((key) => storage.getItem(key))),
        await storage.getItems(keys),
        await storage.hasItem("k:0"),
      ];
    },
  },
  {
    name: "what cannot be text is refused",
    run: async (storage) => {
      const refusal = storage.setItem("a", new Map() as never);
      return [await refusal.catch((error: Error) => error.message), await storage.hasItem("a")];
    },
  },
  {
    name: "keys, whole and below a base, to a depth",
    run: async (storage) => {
      const keys = ["a", "a:b", "a:b:c", "a:b:d", "ab", "a;b", "b:a", "/x/y.json", "q?p=1", "a\\z"];
      for (const key of keys) await storage.setItem(key, key);
      const found = async (base?: string, maxDepth?: number) =>
        (await storage.getKeys(base, maxDepth === undefined ? {} : { maxDepth })).sort();
      return [
        ...[await found(), await found("a"), await found("a:b:"), await found("none")],
        ...[await found("", 0), await found("", 1), await found("a", 1)],
      ];
    },
  },
  {
    name: "what is removed is gone, and only that",
    run: async (storage) => {
      for (const key of ["a", "a:b", "ab"]) await storage.setItem(key, key);
      await storage.removeItem("a");
      await storage.removeItem("none");
      return [await storage.getItem("a"), (await storage.getKeys()).sort()];
    },
  },
  {
    name: "what is below a base is cleared, and only that",
    run: async (storage) => {
      for (const key of ["a", "a:b", "a:c:d", "ab", "a;"]) await storage.setItem(key, key);
      await storage.clear("a");
      const left = (await storage.getKeys()).sort();
      await storage.clear();
      return [left, await storage.getKeys()];
    },
  },
  {
    name: "bytes are there as they were",
    run: async (storage) => {
      await storage.setItemRaw("raw", new Uint8Array([0, 1, 255]).subarray(1));
      await storage.setItemRaw("text", "as it is");
      const raw = await storage.getItemRaw<Uint8Array>("raw");
      return [raw?.length, raw?.[0], raw?.[1], await storage.getItemRaw("text")];
    },
  },
  {
    name: "several at once",
    run: async (storage) => {
      await storage.setItems([
        { key: "a:1", value: "x" },
        { key: "a:2", value: { y: 1 } as never },
      ]);
      return await storage.getItems(["a:2", { key: "none" }, "a:1"]);
    },
  },
  {
    name: "metadata of one's own",
    run: async (storage) => {
      await storage.setItem("a", "x");
      await storage.setMeta("a", { owner: "ana" });
      const { owner } = await storage.getMeta("a");
      await storage.removeItem("a", { removeMeta: true });
      return [owner, await storage.getKeys()];
    },
  },
  {
    name: "what is mounted at a base",
    run: async (storage) => {
      await storage.setItem("m:a", 1);
      const { driver } = storage.getMount("");
      storage.mount("m2", driver);
      return [await storage.getItem("m2:m:a"), (await storage.getKeys("m2")).sort()];
    },
  },
];

export const langchainSteps: Step<BaseStore<string, unknown>>[] = [
  {
    name: "nothing is there",
    run: async (store) => [await store.mget(["a", "b"]), await sorted(store.yieldKeys())],
  },
  {
    name: "what is set is there, in the order asked for",
    run: async (store) => {
      await store.mset([
        ["b", { text: "b" }],
        ["a", [1, "x"]],
        ["null", null],
        ["b", "again"],
      ]);
      return await store.mget(["a", "none", "b", "null", "a"]);
    },
  },
  {
    name: "what is deleted is gone, and only that",
    run: async (store) => {
      await store.mset(["a", "b", "ab"].map((key) => [key, key]));
      await store.mdelete(["a", "none"]);
      return [await store.mget(["a", "b", "ab"]), await sorted(store.yieldKeys())];
    },
  },
  {
    name: "keys with a prefix, and without",
    run: async (store) => {
      const keys = ["m", "m:", "m:1", "m:1:x", "m:2", "m;", "l", "n", "", "ä", "m:\u{10ffff}"];
      await store.mset(keys.map((key) => [key, 1]));
      const prefixes = [undefined, "", "m:", "m", "m:1", "none", "ä"];
      return await Promise.all(prefixes.map((prefix) => sorted(store.yieldKeys(prefix))));
    },
  },
];
