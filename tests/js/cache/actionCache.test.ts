import { actionGeneric as action, makeFunctionReference } from "convex/server";
import { v, type Value } from "convex/values";
import { beforeEach, describe, expect, test } from "vitest";
import { argsText } from "../../../js/client/argsText.js";
import { actionsOf } from "../support/actions.js";
import { useBackend } from "../support/backend.js";
import { stopClock } from "../support/clock.js";
import { kvErrorOf } from "../support/errors.js";
import { gate } from "../support/gate.js";
import { bytes } from "../support/keys.js";

// The results of an app's action, by its arguments.

stopClock();

let runs: unknown[] = [];
let held = Promise.resolve();
beforeEach(() => {
  runs = [];
  held = Promise.resolve();
});

const app = {
  embed: action({
    args: { text: v.any(), more: v.optional(v.any()) },
    handler: async (_, args) => {
      runs.push(args);
      await held;
      if (args.text === "fails") throw new Error("on purpose");
      return runs.length;
    },
  }),
  nothing: action({ args: {}, handler: () => void runs.push(null) }),
};
const embed = makeFunctionReference<"action", { text: Value; more?: Value }, number>("app:embed");
const nothing = makeFunctionReference<"action", Record<string, never>, null>("app:nothing");

const backend = useBackend({ modules: { "/convex/app.js": () => Promise.resolve(app) } });
const { act, pass } = actionsOf({ act: (body) => backend.act(body) });
const TTL = 1_000;
const cache = () => backend.kv.cache(embed, { ttl: TTL });
const keys = async () =>
  (await backend.read((ctx) => backend.kv.use().getAll(ctx))).map(({ key }) => key);

describe("fetch", () => {
  test("calls the action once for the same arguments", async () => {
    const fetch = (args: { text: Value; more?: Value }) => act((ctx) => cache().fetch(ctx, args));
    expect(await fetch({ text: "a", more: { x: 1, y: [2] } })).toBe(1);
    expect(await fetch({ more: { y: [2], x: 1 }, text: "a" })).toBe(1);
    expect(await fetch({ text: "a" })).toBe(2);
    expect(await fetch({ text: "a", more: undefined as never })).toBe(2);
    expect(runs).toEqual([{ text: "a", more: { x: 1, y: [2] } }, { text: "a" }]);
    await pass(TTL);
    expect(await fetch({ text: "a" })).toBe(3);
  });

  test("stores below the prefix and the name", async () => {
    await act((ctx) => cache().fetch(ctx, { text: "a" }));
    const named = backend.kv.cache(embed, { ttl: TTL, prefix: ["p", 1], name: "v2" });
    await act((ctx) => named.fetch(ctx, { text: "a" }));
    expect(await keys()).toEqual([
      ["cache", "app:embed", '{"text":"a"}'],
      ["p", 1, "v2", '{"text":"a"}'],
    ]);
    expect(runs).toHaveLength(2);
  });

  test("may be forced, and be given another ttl", async () => {
    await act((ctx) => cache().fetch(ctx, { text: "a" }));
    expect(await act((ctx) => cache().fetch(ctx, { text: "a" }, { force: true }))).toBe(2);
    await act((ctx) => cache().fetch(ctx, { text: "a" }, { force: true, ttl: 5 * TTL }));
    await pass(5 * TTL - 1);
    expect(await act((ctx) => cache().fetch(ctx, { text: "a" }, { ttl: 5 * TTL }))).toBe(3);
    expect(await act((ctx) => cache().fetch(ctx, { text: "a" }))).toBe(4);
  });

  test("takes the result of an action that returns nothing", async () => {
    const none = backend.kv.cache(nothing, { ttl: TTL });
    for (let i = 0; i < 2; i++) expect(await act((ctx) => none.fetch(ctx, {}))).toBeNull();
    expect(runs).toHaveLength(1);
  });

  test("checks the result with the validator", async () => {
    const validator = v.number();
    const checked = backend.kv.cache(embed, { ttl: TTL, validator });
    expect(await act((ctx) => checked.fetch(ctx, { text: "a" }))).toBe(1);
    const wrong = backend.kv.cache(embed, { ttl: TTL, validator: v.string() as never, name: "w" });
    await kvErrorOf(
      act((ctx) => wrong.fetch(ctx, { text: "a" })),
      "invalid_value",
    );
  });

  test("passes the action's error on, and stores nothing", async () => {
    const fetch = () => act((ctx) => cache().fetch(ctx, { text: "fails" }));
    await expect(fetch()).rejects.toThrow("on purpose");
    expect(await keys()).toEqual([]);
    await expect(fetch()).rejects.toThrow("on purpose");
    expect(runs).toHaveLength(2);
  });

  test("waits for another who is calling the action", async () => {
    const { promise, open } = gate();
    held = promise;
    const fetches = [1, 2, 3].map(() => act((ctx) => cache().fetch(ctx, { text: "a" })));
    await pass(1_000);
    open();
    await pass(1_000);
    expect(await Promise.all(fetches)).toEqual([1, 1, 1]);
  });
});

describe.each(["mutation", "action"] as const)("in a %s", (place) => {
  const run: typeof backend.run = (body) =>
    place === "mutation" ? backend.run(body) : backend.act(body);

  test("remove removes one result, and removeAll those of the name", async () => {
    const other = () => backend.kv.cache(embed, { ttl: TTL, name: "other" });
    await act(async (ctx) => {
      for (const text of ["a", "b"]) {
        await cache().fetch(ctx, { text });
        await other().fetch(ctx, { text });
      }
    });
    await run((ctx) => cache().remove(ctx, { text: "a" }));
    expect(await keys()).toHaveLength(3);
    expect(await act((ctx) => cache().fetch(ctx, { text: "a" }))).toBe(5);
    await run((ctx) => cache().removeAll(ctx));
    expect((await keys()).map(([, name]) => name)).toEqual(["other", "other"]);
    await run((ctx) => cache().remove(ctx, { text: "none" }));
  });

  test.each(["remove", "removeAll"] as const)(
    "%s: what is being loaded then is not stored, and those who wait load anew",
    async (method) => {
      const { promise, open } = gate();
      held = promise;
      const first = act((ctx) => cache().fetch(ctx, { text: "a" }));
      const elsewhere = act((ctx) =>
        backend.kv.cache(embed, { ttl: TTL, name: "app:embed2" }).fetch(ctx, { text: "a" }),
      );
      await pass(10);
      const remove = {
        remove: () => run((ctx) => cache().remove(ctx, { text: "a" })),
        removeAll: () => run((ctx) => cache().removeAll(ctx)),
      };
      await remove[method]();
      const second = act((ctx) => cache().fetch(ctx, { text: "a" }));
      await pass(10);
      expect(runs).toHaveLength(3);
      open();
      await Promise.all([first, second, elsewhere]);
      expect((await keys()).map(([, name]) => name)).toEqual(["app:embed", "app:embed2"]);
      const stored = await backend.read((ctx) => backend.kv.use().getAll(ctx));
      expect(stored.map(({ value }) => value as number)).toEqual([await second, await elsewhere]);
    },
  );
});

describe("the text of arguments", () => {
  test("is one for all that are the same", async () => {
    const text = '{"a":{"b":1,"c":[{"d":null,"e":true}]},"f":"x"}';
    expect(await argsText({ a: { b: 1, c: [{ d: null, e: true }] }, f: "x" })).toBe(text);
    expect(await argsText({ f: "x", a: { c: [{ e: true, d: null }], b: 1 } })).toBe(text);
    expect(await argsText({ f: "x", a: { c: [{ e: true, d: null }], b: 1 }, g: undefined })).toBe(
      text,
    );
    expect(await argsText({})).toBe("{}");
  });

  test("is another for all that are not", async () => {
    const values: Value[] = [
      ...[0, -0, 1, NaN, Infinity, -Infinity, 1n, -1n, 0n, "1", "", "1n", true, false, null],
      ...[[], {}, [1], [[1]], { a: 1 }, { a: 1n }, { a: "1" }, { "": 1 }, { "a:1,b": 2 }],
      ...[{ a: 1, b: 2 }, '{"a":1}', "\u{1f600}", "\u2028", "a\u0000"],
      ...[bytes(), bytes(0), bytes(1), bytes(1, 0)],
      ...["x".repeat(999), "x".repeat(1_001), "x".repeat(1_002), "\u{1f600}".repeat(250)],
    ];
    const texts = await Promise.all(values.map((value) => argsText({ value })));
    expect(new Set(texts).size).toBe(values.length);
  });

  test("is a hash if it has more than 1,000 bytes of UTF-8", async () => {
    const frame = '{"t":""}'.length;
    const text = (t: string) => argsText({ t });
    expect(await text("x".repeat(1_000 - frame))).toHaveLength(1_000);
    expect(await text("x".repeat(1_001 - frame))).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(await text("é".repeat(500 - frame / 2))).toHaveLength(504);
    expect(await text("é".repeat(501 - frame / 2))).toMatch(/^sha256:[0-9a-f]{64}$/);
    // printf '{"t":"%s"}' "$(printf 'x%.0s' {1..1000})" | sha256sum
    expect(await text("x".repeat(1_000))).toBe(
      "sha256:576adad0cd80832e110f035b5dcadfe1d951854b633f0f59a68adcfad0047170",
    );
  });
});
