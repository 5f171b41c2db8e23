import { isKvError, KeyValueStore, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";

// Which validator a store checks its values with.

const kv = kvClientFactory(namedApi);

describe("the validator is that of", () => {
  const refuses = async (store: KeyValueStore<unknown>, value: unknown) => {
    const { ctx, calls } = fakeCtx();
    try {
      await store.set(ctx, ["k"], value);
    } catch (error) {
      expect(isKvError(error) && error.data.code).toBe("invalid_value");
      expect(calls).toEqual([]);
      return true;
    }
    expect(calls).toHaveLength(1);
    return false;
  };
  const text = kv.use<unknown>(["s"], v.string());

  test("use", async () => {
    expect(await refuses(text, 1)).toBe(true);
    expect(await refuses(text, "a")).toBe(false);
  });

  test("the constructor's options", async () => {
    const store = new KeyValueStore<unknown>(namedApi, ["s"], { validator: v.string() });
    expect(await refuses(store, 1)).toBe(true);
    expect(await refuses(store, "a")).toBe(false);
  });

  test("withPrefix and subStore, in place of the one above", async () => {
    for (const store of [
      text.withPrefix<unknown>(["t"], v.number()),
      text.subStore<unknown>(["t"], v.number()),
    ]) {
      expect(await refuses(store, 1)).toBe(false);
      expect(await refuses(store, "a")).toBe(true);
    }
  });

  test("the store above, where withPrefix and subStore are given none", async () => {
    const stores = [text.withPrefix(["t"]), text.subStore(["t"]).withPrefix(["u"])];
    for (const store of stores) {
      expect(await refuses(store, 1)).toBe(true);
      expect(await refuses(store, "a")).toBe(false);
    }
  });

  test("nobody, with v.any() below a store that has one", async () => {
    const store = text.withPrefix<unknown>(["t"], v.any());
    expect(await refuses(store, 1)).toBe(false);
    expect(await refuses(store.withPrefix(["u"]), 1)).toBe(false);
  });

  test("nobody, where none was given", async () => {
    expect(await refuses(kv.use<unknown>(["s"]), 1)).toBe(false);
  });
});
