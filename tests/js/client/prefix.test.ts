import { KeyValueStore, kvClientFactory, type Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";

const kv = kvClientFactory(namedApi);

async function keyOf(store: KeyValueStore, key: Key = ["x"]): Promise<unknown> {
  const { ctx, calls } = fakeCtx();
  await store.get(ctx, key);
  return (calls[0]!.args as { key: unknown }).key;
}

describe("prefixes add up", () => {
  test("of use, withPrefix and the key", async () => {
    const store = kv.use(["a"]).withPrefix(["b", 2]).withPrefix([3n]);
    expect(await keyOf(store)).toEqual(["a", "b", 2, 3n, "x"]);
    expect(await keyOf(store, [])).toEqual(["a", "b", 2, 3n]);
  });

  test("of all types of parts", async () => {
    const bytes = new Uint8Array([1]).buffer;
    const parts = ["a", -0, 1n, true, null, bytes];
    expect(await keyOf(kv.use(parts))).toEqual([...parts, "x"]);
  });

  test("and none, or the empty one, adds nothing", async () => {
    expect(await keyOf(kv.use())).toEqual(["x"]);
    expect(await keyOf(kv.use([]).withPrefix([]))).toEqual(["x"]);
    expect(await keyOf(new KeyValueStore(namedApi))).toEqual(["x"]);
  });

  test("the store above stays as it was", async () => {
    const store = kv.use(["a"]);
    store.withPrefix(["b"]);
    expect(await keyOf(store)).toEqual(["a", "x"]);
  });

  test("subStore is withPrefix by another name", async () => {
    const sub = kv.use(["a"]).subStore(["b"]);
    expect(sub).toBeInstanceOf(KeyValueStore);
    expect(await keyOf(sub)).toEqual(["a", "b", "x"]);
  });

  test("subStore is the withPrefix of a class that extends the store", async () => {
    class Deeper extends KeyValueStore {
      override withPrefix(): never {
        return super.withPrefix(["c"]) as never;
      }
    }
    const sub: KeyValueStore = new Deeper(namedApi, ["a"]).subStore();
    expect(await keyOf(sub)).toEqual(["a", "c", "x"]);
  });
});

test("a store keeps its prefix where the caller's array changes later", async () => {
  const prefix = ["a"];
  const store = kv.use(prefix);
  const below = store.withPrefix(prefix);
  prefix.push("changed");
  expect(await keyOf(store)).toEqual(["a", "x"]);
  expect(await keyOf(below)).toEqual(["a", "a", "x"]);
});

test("the caller's arrays are not changed", async () => {
  const prefix = Object.freeze(["a"]);
  const key = Object.freeze(["x"]);
  const { ctx } = fakeCtx({ entries: [], continueCursor: "", isDone: true });
  const store = kv.use(prefix);
  await store.set(ctx, key, 1);
  await store.delete(ctx, key);
  await store.list(ctx, key);
  await store.getAll(ctx, key);
  await store.deleteAll(ctx, key);
  store.withPrefix(prefix);
  expect([prefix, key]).toEqual([["a"], ["x"]]);
});

test("stores over the same entries see each other's", async () => {
  const { kv: root, run } = startBackend();
  const seen = await run(async (ctx) => {
    await root.use<number>(["a"]).withPrefix(["b"]).set(ctx, ["c"], 1);
    await root.use<number>(["a", "b", "d"]).set(ctx, [], 2);
    return [
      await root.use().get(ctx, ["a", "b", "c"]),
      await root.use(["a", "b", "c"]).get(ctx, []),
      (await root.use(["a"]).getAll(ctx, ["b"])).map(({ value }) => value as number),
    ];
  });
  expect(seen).toEqual([1, 1, [1, 2]]);
});
