import { v } from "convex/values";
import { beforeEach, describe, expect, test, vi } from "vitest";
import { type AppActionCtx, type AppMutationCtx, useBackend } from "../support/backend.js";
import { runDue } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { withLimits } from "../support/limits.js";
import { insertRows, numberedRows, storedKeys, storedRows } from "../support/rows.js";
import { MiB, stringOf, valueDocuments } from "../support/values.js";

// take gives what it deletes, once; and delete and deleteMany tell what was there.

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);
const run = <T>(body: (ctx: AppMutationCtx) => Promise<T>) => backend.run(body);
const take = (...key: string[]) => run((ctx) => store().take(ctx, key));

describe("take", () => {
  test("gives the value once, and deletes the entry", async () => {
    await insertRows(backend, [
      { key: ["s", "a"], value: { n: [1n] }, expiresAt: NOW + 1 },
      { key: ["s", "a", "b"], value: 2 },
    ]);
    expect(await take("a")).toEqual({ n: [1n] });
    expect(await take("a")).toBeNull();
    expect(await take("none")).toBeNull();
    expect(await storedKeys(backend)).toEqual([["s", "a", "b"]]);
  });

  test("gives nothing of what has expired, which goes too", async () => {
    await insertRows(backend, [{ key: ["s", "a"], value: 1, expiresAt: NOW }]);
    expect(await take("a")).toBeNull();
    expect(await storedRows(backend)).toEqual([]);
  });

  test.each([
    ["in a document of its own", stringOf(20_000)],
    ["in several", stringOf(2_500_000)],
    ["of bytes, in several", new Uint8Array(1_200_000).fill(7).buffer],
    ["of JSON, in several", Array.from({ length: 2 }, () => stringOf(900_000))],
  ])("a value %s, with its documents", async (_, value) => {
    await run((ctx) => store().set(ctx, ["a"], value));
    expect((await valueDocuments(backend)).stored.length).toBeGreaterThan(0);
    expect(await take("a")).toEqual(value);
    expect((await valueDocuments(backend)).stored).toEqual([]);
    expect(await storedRows(backend)).toEqual([]);
  });

  test("the largest value that one transaction can read and delete, and no larger one", async () => {
    const large = stringOf(8_000_000);
    await run((ctx) => store().set(ctx, ["a"], large));
    expect(await take("a")).toBe(large);
    await run((ctx) => store().set(ctx, ["a"], stringOf(8 * MiB)));
    const error = await kvErrorOf(take("a"), "too_many_entries");
    expect(error.message).toMatch(/^These values cannot be taken together, .* getWithMetadata/);
    expect(await run((ctx) => store().has(ctx, ["a"]))).toBe(true);
  });

  test("of several at once one gets it", async () => {
    await run((ctx) => store().set(ctx, ["a"], "token"));
    const one = (ctx: AppActionCtx) => store().take(ctx, ["a"]);
    const taken = await Promise.all(Array.from({ length: 5 }, () => backend.act(one)));
    expect(taken.filter((value) => value !== null)).toEqual(["token"]);
  });
});

describe("in a store that checks what it reads, what does not fit stays", () => {
  const checking = () => backend.kv.use(["s"], { validator: v.string(), validate: "both" });
  beforeEach(() =>
    insertRows(backend, [
      { key: ["s", "good"], value: "text" },
      { key: ["s", "bad"], value: 5 },
    ]),
  );

  test.each([
    ["take", (ctx: AppMutationCtx) => checking().take(ctx, ["bad"])],
    [
      "an atomic take",
      (ctx: AppMutationCtx) => checking().atomic().take(["good"]).take(["bad"]).commit(ctx),
    ],
    [
      "one on several stores",
      (ctx: AppMutationCtx) =>
        backend.kv.atomic().take(store(), ["good"]).take(checking(), ["bad"]).commit(ctx),
    ],
  ])("%s, in a mutation and in an action", async (_, call) => {
    const before = await storedRows(backend);
    for (const make of [backend.run, backend.act] as (typeof backend.run)[]) {
      const error = await make((ctx) => kvErrorOf(call(ctx), "invalid_value"));
      expect(error).toMatchObject({ key: ["s", "bad"], expected: "string", got: "number" });
    }
    expect(await storedRows(backend)).toEqual(before);
  });

  test("and what fits is given once, though others write in between", async () => {
    const answers: unknown[] = [];
    await backend.act(async (ctx) => {
      let written = 0;
      const between: typeof ctx.runMutation = async (...args) => {
        if (written++ === 0) await run((own) => store().set(own, ["good"], "newer"));
        return await ctx.runMutation(...args);
      };
      answers.push(await checking().take({ ...ctx, runMutation: between }, ["good"]));
      answers.push(await checking().take(ctx, ["good"]));
      answers.push(await checking().take(ctx, ["none"]));
    });
    expect(answers).toEqual(["newer", null, null]);
  });

  test("until others have written five times", async () => {
    await backend.act(async (ctx) => {
      let written = 0;
      const between: typeof ctx.runMutation = async (...args) => {
        await run((own) => store().set(own, ["good"], `${written++}`));
        return await ctx.runMutation(...args);
      };
      const error = await kvErrorOf(
        checking().take({ ...ctx, runMutation: between }, ["good"]),
        "conflict",
      );
      expect(error.message).toMatch(/ take has tried 5 times\.$/);
      expect(written).toBe(5);
    });
  });

  test("a check that does not hold is told all the same", async () => {
    const builder = checking().atomic().check(["good"], null).take(["good"]);
    expect(await run((ctx) => builder.commit(ctx))).toEqual({ ok: false, failed: [["good"]] });
  });
});

describe("atomic take", () => {
  test("gives what each entry holds when its turn comes", async () => {
    await insertRows(backend, [{ key: ["s", "n"], value: 5 }]);
    const large = stringOf(2_500_000);
    const builder = store()
      .atomic()
      .take(["none"])
      .take(["n"])
      .take(["n"])
      .sum(["n"], 2)
      .sum(["n"], 1)
      .take(["n"])
      .set(["n"], large)
      .take(["n"])
      .set(["n"], null)
      .take(["n"])
      .set(["n"], "stays");
    const result = await run((ctx) => builder.commit(ctx));
    expect(result).toMatchObject({ ok: true, taken: [null, 5, null, 3, large, null] });
    const version = (await run((ctx) => store().getWithMetadata(ctx, ["n"])))!.version;
    expect(result.ok && result.versions).toEqual([
      ...[null, null, null, version, version, null],
      ...[version, null, version, null, version],
    ]);
    expect((await valueDocuments(backend)).stored).toEqual([]);
  });

  test("of a commit that is refused takes nothing", async () => {
    await run((ctx) => store().set(ctx, ["a"], stringOf(20_000)));
    const builder = store().atomic().take(["a"]).sum(["b"], NaN);
    await run((ctx) => kvErrorOf(builder.commit(ctx), "invalid_value"));
    const failing = store().atomic().take(["a"]).check(["a"], null);
    expect(await run((ctx) => failing.commit(ctx))).toEqual({ ok: false, failed: [["a"]] });
    expect((await valueDocuments(backend)).stored).toHaveLength(1);
    expect(await run((ctx) => store().has(ctx, ["a"]))).toBe(true);
  });

  test("of more than one transaction can read and delete takes nothing", async () => {
    for (const name of ["a", "b"]) {
      await run((ctx) => store().set(ctx, [name], stringOf(5_000_000)));
    }
    const both = store().atomic().take(["a"]).take(["b"]);
    await run((ctx) => kvErrorOf(both.commit(ctx), "too_many_entries"));
    expect(await storedKeys(backend)).toHaveLength(2);
  });
});

describe("checkEmpty", () => {
  const commit = (...prefix: string[]) =>
    run((ctx) => store().atomic().checkEmpty(prefix).set(["new"], 1).commit(ctx));

  test.each([
    ["at the prefix", ["s", "p"]],
    ["below it", ["s", "p", "q", "r"]],
  ])("fails if there is an entry %s", async (_, key) => {
    await insertRows(backend, [{ key }]);
    expect(await commit("p")).toEqual({ ok: false, failed: [["p"]] });
    expect(await storedKeys(backend)).toEqual([key]);
  });

  test("holds if there is none, or none that is live", async () => {
    await insertRows(backend, [
      { key: ["s", "o"] },
      { key: ["s", "p\0"] },
      { key: ["other", "p"] },
      { key: ["s", "p"], expiresAt: NOW },
    ]);
    expect(await commit("p")).toMatchObject({ ok: true });
    // The whole store, in which there is something now.
    expect(await commit()).toEqual({ ok: false, failed: [[]] });
  });

  test("sees what is there before any of the operations, in this mutation too", async () => {
    await run(async (ctx) => {
      const filling = store().atomic().set(["p", 1], 1).checkEmpty(["p"]);
      expect(await filling.commit(ctx)).toMatchObject({ ok: true });
      const emptying = store().atomic().delete(["p", 1]).checkEmpty(["p"]);
      expect(await emptying.commit(ctx)).toEqual({ ok: false, failed: [["p"]] });
      await store().delete(ctx, ["p", 1]);
      expect(await filling.commit(ctx)).toMatchObject({ ok: true });
    });
  });

  test("is told among the checks, in the order in which they were given", async () => {
    await insertRows(backend, [{ key: ["s", "a"] }, { key: ["s", "b"] }]);
    const builder = store()
      .atomic()
      .checkEmpty(["a"])
      .check(["none"], null)
      .check(["b"], null)
      .checkEmpty(["none"])
      .checkEmpty(["b"]);
    const result = await run((ctx) => builder.commit(ctx));
    expect(result).toEqual({ ok: false, failed: [["a"], ["b"], ["b"]] });
  });

  test("of several that fill what is empty one does", async () => {
    const one = (n: number) => (ctx: AppActionCtx) =>
      store().atomic().checkEmpty(["p"]).set(["p", n], n).commit(ctx);
    const results = await Promise.all([1, 2, 3].map((n) => backend.act(one(n))));
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await storedKeys(backend)).toHaveLength(1);
  });
});

describe("delete and deleteMany tell what was there", () => {
  test("entries, each once", async () => {
    await insertRows(backend, numberedRows(["s"], 4));
    const told = await run(async (ctx) => [
      await store().delete(ctx, [0]),
      await store().delete(ctx, [0]),
      await store().deleteMany(ctx, [[0], [1], [2], [1], ["none"]]),
      await store().deleteMany(ctx, []),
    ]);
    expect(told).toEqual([true, false, 2, 0]);
    expect(await storedKeys(backend)).toEqual([["s", 3]]);
  });

  test("what has expired was not there, and is removed", async () => {
    await insertRows(backend, [
      { key: ["s", "a"], expiresAt: NOW + 1 },
      { key: ["s", "b"], expiresAt: NOW + 1 },
      { key: ["s", "c"], expiresAt: NOW + 2 },
    ]);
    vi.setSystemTime(NOW + 1);
    expect(await run((ctx) => store().delete(ctx, ["a"]))).toBe(false);
    expect(await run((ctx) => store().deleteMany(ctx, [["b"], ["c"]]))).toBe(1);
    expect(await storedRows(backend)).toEqual([]);
  });

  test("nor was what a deletion under way has taken", async () => {
    await insertRows(backend, numberedRows(["s"], 60));
    await run((ctx) =>
      store().deleteAll(withLimits(ctx, ["kv/deleteAll"], { documentsWritten: 20 }), []),
    );
    expect((await storedKeys(backend)).length).toBeGreaterThan(30);
    const told = await run(async (ctx) => {
      await store().set(ctx, [58], "new");
      return [
        await store().take(ctx, [55]),
        await store().delete(ctx, [56]),
        await store().deleteMany(ctx, [[57], [58]]),
      ];
    });
    expect(told).toEqual([null, false, 1]);
    const left = await storedKeys(backend);
    expect(left.filter(([, n]) => (n as number) >= 55)).toEqual([["s", 59]]);
    await runDue(backend);
    expect(await storedRows(backend)).toEqual([]);
  });
});
