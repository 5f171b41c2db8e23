import { isKvError, kvClientFactory, type ValueSchema } from "@hamzasaleemorg/convex-kv";
import * as own from "convex/values";
import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mismatch } from "../../../js/client/mismatch.js";
import { kvErrorOf, thrownBy } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { schemaOf } from "../support/schemas.js";

// What crosses a package may be of another copy of `convex` than ours, as there are two if an app
// and a package of it want versions that do not go together; or of another realm, as in test
// runners.

const kv = kvClientFactory(namedApi);

describe("another copy of convex", () => {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-copy-"));
  let copy: typeof own;

  beforeAll(async () => {
    const esm = dirname(dirname(createRequire(import.meta.url).resolve("convex/values")));
    for (const part of ["values", "common"]) {
      mkdirSync(join(folder, part));
      cpSync(join(esm, "../esm", part), join(folder, part), { recursive: true });
    }
    cpSync(join(esm, "../esm/package.json"), join(folder, "package.json"));
    copy = (await import(
      /* @vite-ignore */ pathToFileURL(join(folder, "values/index.js")).href
    )) as typeof own;
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test("is another one", () => {
    expect(copy.ConvexError).not.toBe(own.ConvexError);
    expect(new copy.ConvexError("a")).not.toBeInstanceOf(own.ConvexError);
  });

  test("isKvError knows an error of ours by its data, whichever copy it is of", () => {
    const data = { code: "invalid_key", message: "A sentence." };
    for (const { ConvexError } of [own, copy]) {
      expect(isKvError(new ConvexError(data))).toBe(true);
      expect(isKvError(new ConvexError({ code: "not_ours", message: "A sentence." }))).toBe(false);
      expect(isKvError(new ConvexError("invalid_key"))).toBe(false);
      expect(isKvError(new ConvexError(null))).toBe(false);
    }
    for (const other of [Object.assign(new Error(), { data }), { data }, data, null, "text"]) {
      expect(isKvError(other)).toBe(false);
    }
  });

  test("its validators check values", async () => {
    const { v } = copy;
    const store = kv.use(["s"], v.object({ at: v.union(v.number(), v.bytes()) }));
    const { ctx, calls } = fakeCtx();
    await store.set(ctx, ["k"], { at: 1 });
    const call = store.set(ctx, ["k"], { at: "1" as never });
    expect(await kvErrorOf(call, "invalid_value")).toMatchObject({ path: "at", got: "string" });
    expect(calls).toHaveLength(1);
  });

  test("an error of it that a schema throws comes out as it is", async () => {
    const error = new copy.ConvexError({ code: "mine" });
    const throwing = schemaOf(() => {
      throw error;
    });
    const call = kv.use(["s"], throwing).set(fakeCtx().ctx, ["k"], 1);
    expect(await thrownBy(call)).toBe(error);
  });
});

describe("another realm", () => {
  const foreign = <T>(text: string) => runInNewContext(text) as T;

  test("its bytes are bytes", async () => {
    const buffer = foreign<ArrayBuffer>("new Uint8Array([1, 2]).buffer");
    expect(buffer).not.toBeInstanceOf(ArrayBuffer);
    expect(mismatch(own.v.bytes(), buffer)).toBeNull();
    expect(mismatch(own.v.object({}), buffer)).toMatchObject({ got: "bytes" });
    const { ctx, calls } = fakeCtx();
    await kv.use().has(ctx, [buffer]);
    expect(calls).toHaveLength(1);
  });

  test("its arrays and objects are those", async () => {
    const { v } = own;
    const validator = v.object({ list: v.array(v.object({ n: v.number() })) });
    const store = kv.use<unknown>(["s"], validator);
    await store.set(fakeCtx().ctx, ["k"], foreign("({ list: [{ n: 1 }] })"));
    const call = store.set(fakeCtx().ctx, ["k"], foreign("({ list: [{ n: 1 }, { n: '2' }] })"));
    expect((await kvErrorOf(call, "invalid_value")).path).toBe("list[1].n");
    await kvErrorOf(store.get(fakeCtx().ctx, foreign("['a', {}]")), "invalid_key");
  });

  test("its promises are waited for, and its issues told", async () => {
    const later = foreign<ValueSchema<unknown>>(
      `({ "~standard": { version: 1, vendor: "x", validate: async (value) =>
        value === 1 ? { value: 2 } : { issues: [{ message: "Not one", path: ["a", { key: 0 }] }] } } })`,
    );
    const { ctx, calls } = fakeCtx();
    const store = kv.use<unknown>(["s"], later);
    await store.set(ctx, ["k"], 1);
    expect(calls).toMatchObject([{ args: { value: 2 } }]);
    expect(await kvErrorOf(store.set(ctx, ["k"], 5), "invalid_value")).toMatchObject({
      path: "a[0]",
    });
  });
});
