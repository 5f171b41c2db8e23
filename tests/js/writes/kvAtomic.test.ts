import {
  type KvAtomicBuilder,
  type KvCommitResult,
  kvClientFactory,
} from "@hamzasaleemorg/convex-kv";
import { componentsGeneric } from "convex/server";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { api, type AppMutationCtx, useBackend } from "../support/backend.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { insertRows, storedKeys } from "../support/rows.js";

// kv.atomic(): operations on several stores, each by its own prefix, validator and defaults.

stopClock();

const backend = useBackend();

const users = () => backend.kv.use(["users"], z.object({ name: z.string().trim() }));
const counts = () => backend.kv.use<number>(["counts"], { ttl: 60_000, metadata: "m" });
const seats = () =>
  backend.kv.use(["seats"], { validator: v.string(), expiry: "exact", values: "separate" });

async function commit(builder: KvAtomicBuilder): Promise<KvCommitResult> {
  let result: KvCommitResult | undefined;
  // A function cannot return stores.
  await backend.run(async (ctx) => {
    result = await builder.commit(ctx);
  });
  return result!;
}

test("each operation goes by its own store", async () => {
  await insertRows(backend, [
    { key: ["seats", "1"], value: "ana" },
    { key: ["users", "ana"], value: { name: "Ana" } },
  ]);
  const result = await commit(
    backend.kv
      .atomic()
      .checkEmpty(counts(), [])
      .check(users(), ["bob"], null)
      .take(seats(), ["1"])
      .set(seats(), ["2"], "bob", { ttl: 1_500 })
      .set(users(), ["bob"], { name: " Bob " })
      .take(users(), ["ana"])
      .sum(counts(), ["users"], 2)
      .max(counts(), ["users"], 5)
      .min(counts(), ["users"], 4),
  );
  expect(result).toMatchObject({ ok: true, taken: ["ana", { name: "Ana" }] });
  expect(result.ok && result.versions).toHaveLength(7);
  expect(await backend.read((ctx) => backend.kv.use().getAll(ctx))).toMatchObject([
    { key: ["counts", "users"], value: 4, expiresAt: NOW + 60_000, metadata: "m" },
    { key: ["seats", "2"], value: "bob", expiresAt: NOW + 1_500 },
    { key: ["users", "bob"], value: { name: "Bob" } },
  ]);
  const timers = await backend.inside((ctx) => ctx.db.query("timers").collect());
  expect(timers.map(({ at }) => at)).toEqual([NOW + 2_000]);
});

test("checks that fail are told with their stores, in order, and nothing is written", async () => {
  await insertRows(backend, [
    { key: ["users", "ana"], value: { name: "Ana" } },
    { key: ["counts", "users"], value: 1 },
  ]);
  const [u, c, s] = [users(), counts(), seats()];
  const result = await commit(
    backend.kv
      .atomic()
      .checkEmpty(c, [])
      .check(s, ["1"], null)
      .check(u, ["ana"], null)
      .checkEmpty(s, [])
      .delete(u, ["ana"])
      .delete(c, ["users"]),
  );
  const failed = [
    { store: c, key: [] },
    { store: u, key: ["ana"] },
  ];
  expect(result).toEqual({ ok: false, failed });
  expect(!result.ok && result.failed.map(({ store }) => store)).toEqual([c, u]);
  expect(await storedKeys(backend)).toHaveLength(2);
});

test("one call of the component, and the same builder again", async () => {
  const { ctx, calls } = fakeCtx({ ok: true, versions: [], taken: [] });
  const kv = kvClientFactory(namedApi);
  const builder = kv
    .atomic()
    .check(kv.use(["a"]), ["1"], "version")
    .set(kv.use(["a"]).withPrefix(["b"], { ttl: 5 }), ["2"], "text")
    .delete(kv.use(), ["3"])
    .checkEmpty(kv.use(["c"]), [4]);
  const args = {
    checks: [{ key: ["a", "1"], version: "version" }],
    empty: [["c", 4]],
    operations: [
      { type: "set", key: ["a", "b", "2"], value: "text", ttl: 5 },
      { type: "delete", key: ["3"] },
    ],
  };
  await builder.commit(ctx);
  await builder.commit(ctx);
  const call = { type: "mutation", name: "entries.atomic", args };
  expect(calls).toEqual([call, call]);
});

describe("what is wrong with one of them is refused, and nothing is written", () => {
  const cases: [string, string, (builder: KvAtomicBuilder) => KvAtomicBuilder][] = [
    ["a value", "invalid_value", (b) => b.set(seats(), ["1"], 5 as never)],
    ["a value for a schema", "invalid_value", (b) => b.set(users(), ["1"], { name: 5 as never })],
    ["a number", "invalid_value", (b) => b.sum(seats(), ["1"], 5 as never)],
    ["a key", "invalid_key", (b) => b.delete(seats(), [undefined as never])],
    ["a prefix", "invalid_key", (b) => b.checkEmpty(seats(), undefined as never)],
    ["a ttl", "invalid_expiry", (b) => b.set(counts(), ["1"], 1, { ttl: -1 })],
    [
      "a store's ttl",
      "invalid_expiry",
      (b) => b.set(backend.kv.use<number>([], { ttl: NaN }), ["1"], 1),
    ],
  ];

  test.for(cases)("%s", async ([, code, add]) => {
    const builder = add(backend.kv.atomic().set(users(), ["1"], { name: "Ana" }));
    await kvErrorOf(commit(builder), code as never);
    expect(await storedKeys(backend)).toEqual([]);
  });
});

describe("stores are of the client's component", () => {
  type Components = Record<string, typeof api>;
  const componentOf = (name: string) => (componentsGeneric() as unknown as Components)[name]!;
  const add = (ctx: AppMutationCtx, component: typeof api) =>
    backend.kv
      .atomic()
      .set(users(), ["1"], { name: "Ana" })
      .set(kvClientFactory(component).use<number>(["n"]), ["1"], 1)
      .commit(ctx);

  test("which is a new object each time that it is asked for", async () => {
    const again = componentOf("convexKv");
    expect(again).not.toBe(api);
    expect(await backend.run((ctx) => add(ctx, again))).toMatchObject({ ok: true });
  });

  test.each([
    ["another", () => componentOf("otherKv")],
    ["one without a name", () => namedApi],
  ])("and not of %s", async (_, component) => {
    const error = await kvErrorOf(
      backend.run((ctx) => add(ctx, component())),
      "invalid_request",
    );
    expect(error.message).toContain("of one installed component");
    const checking = backend.kv.atomic().check(kvClientFactory(component()).use(), ["1"], null);
    await kvErrorOf(commit(checking), "invalid_request");
    expect(await storedKeys(backend)).toEqual([]);
  });

  test("nor is one without a name another", async () => {
    const { ctx, calls } = fakeCtx();
    const other = kvClientFactory({ ...namedApi }).use<number>(["n"]);
    const builder = kvClientFactory(namedApi).atomic().set(other, ["1"], 1);
    await kvErrorOf(builder.commit(ctx), "invalid_request");
    expect(calls).toEqual([]);
  });
});
