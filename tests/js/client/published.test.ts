import { KeyValueStore, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import * as published from "convex-kv-published";
import { v } from "convex/values";
import { describe, expect, test } from "vitest";
import { api, startBackend } from "../support/backend.js";
import { type Call, fakeCtx, namedApi } from "../support/fakeCtx.js";

// Code written for version 1 of the package asks the component for what it did then, and gets the
// same answers. It runs here with either.

type Package = Pick<typeof published, keyof typeof published>;
type Ctx = published.RunQuery & published.RunMutation;

/** What `code` asks of the component with `package_`, and what it returns. */
async function runWith<T>(
  package_: Package,
  code: (package_: Package, ctx: Ctx) => Promise<T>,
  answer?: unknown,
): Promise<{ calls: Call[]; result: T }> {
  const { ctx, calls } = fakeCtx(answer);
  const result = await code(package_, ctx as Ctx);
  // What `set` answers was undefined once.
  return { calls, result: JSON.parse(JSON.stringify(result ?? null)) as T };
}

const ours = { KeyValueStore, kvClientFactory } as unknown as Package;
// The functions of point.ts are those that version 1 had in kv.ts, where they still are too.
const component = { ...namedApi, point: namedApi.kv } as never;
const user = v.object({ name: v.string() });
const use = (package_: Package) =>
  package_.kvClientFactory(component).use<{ name: string }>(["users"], user);

const entry = { key: ["users", "1"], value: { name: "Ann" }, metadata: 1, updatedAt: 5 };
const page = { entries: [entry], continueCursor: "c", isDone: false };

const programs: [string, (package_: Package, ctx: Ctx) => Promise<unknown>, unknown?][] = [
  ["get", (p, ctx) => use(p).get(ctx, ["1"]), entry],
  ["get of none", (p, ctx) => use(p).get(ctx, ["1"]), null],
  ["getWithMetadata", (p, ctx) => use(p).getWithMetadata(ctx, ["1"]), entry],
  ["has", (p, ctx) => use(p).has(ctx, ["1"]), true],
  ["set", (p, ctx) => use(p).set(ctx, ["1"], { name: "Ann" })],
  [
    "set with options",
    (p, ctx) => use(p).set(ctx, ["1"], { name: "Ann" }, { ttl: 1, expiresAt: 2, metadata: [3] }),
  ],
  ["delete", (p, ctx) => use(p).delete(ctx, ["1"])],
  ["list", (p, ctx) => use(p).list(ctx, []), page],
  [
    "list with options",
    (p, ctx) => use(p).list(ctx, ["1"], { limit: 5, cursor: "c", includeValues: false }),
    page,
  ],
  ["getAll", (p, ctx) => use(p).getAll(ctx, []), [entry]],
  ["getAll without values", (p, ctx) => use(p).getAll(ctx, [], { includeValues: false }), []],
  ["deleteAll", (p, ctx) => use(p).deleteAll(ctx, ["1"]), { deletedCount: 1, hasMore: false }],
  ["withPrefix", (p, ctx) => use(p).withPrefix<number>(["1"], v.number()).set(ctx, ["n"], 1)],
  ["subStore", (p, ctx) => use(p).subStore(["1"]).withPrefix(["2"]).get(ctx, []), entry],
  ["no prefix", (p, ctx) => p.kvClientFactory(component).use().get(ctx, ["a"]), entry],
  [
    "the class with metadata, kept below",
    (p, ctx) =>
      new p.KeyValueStore<number>(component, ["a"], { metadata: { by: "store" } })
        .withPrefix(["b"])
        .set(ctx, ["c"], 1),
  ],
  [
    "writes and reads that are not waited for one by one",
    (p, ctx) =>
      Promise.all([
        use(p).set(ctx, ["1"], { name: "Ann" }),
        use(p).get(ctx, ["1"]),
        use(p).delete(ctx, ["1"]),
      ]),
  ],
];

test.for(programs)("%s", async ([, program, answer]) => {
  const before = await runWith(published, program, answer);
  expect(before.calls.length).toBeGreaterThan(0);
  expect(await runWith(ours, program, answer)).toEqual(before);
});

describe("on the component", () => {
  test("what version 1's client writes and reads is what ours does", async () => {
    const { kv, run } = startBackend();
    await run(async (ctx) => {
      const old = published.kvClientFactory(api as never).use<number>(["n"]);
      await old.set(ctx as Ctx, ["a"], 1, { metadata: "m" });
      expect(await kv.use<number>(["n"]).getWithMetadata(ctx, ["a"])).toMatchObject({
        value: 1,
        metadata: "m",
      });
      await kv.use<number>(["n"]).set(ctx, ["b"], 2);
      expect(await old.get(ctx as Ctx, ["b"])).toBe(2);
      expect(await old.deleteAll(ctx as Ctx, [])).toMatchObject({
        deletedCount: 2,
        hasMore: false,
      });
    });
  });
});
