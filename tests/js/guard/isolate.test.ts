import type { JSONValue } from "convex/values";
import { beforeAll, describe, expect, test } from "vitest";
import vectors from "../../vectors/keys.json" with { type: "json" };
import { bundleScript } from "../support/bundle.js";
import { emptyTable, type IndexRange, startIsolate } from "../support/isolate.js";

// The deployed component function, run as Convex runs it: in a fresh context without eval.

let script: string;
beforeAll(async () => {
  script = (await bundleScript("dist/convex/kv.js")).text;
});

const call = (args: Record<string, JSONValue>) => JSON.stringify([args]);

function start(options: Omit<Parameters<typeof startIsolate>[1], "syscalls"> = {}) {
  const ranges: IndexRange[] = [];
  return { ranges, ...startIsolate(script, { ...options, syscalls: emptyTable(ranges) }) };
}

test("the context is as strict as it ought to be", () => {
  const { evaluate } = start();
  expect(() => evaluate("eval('1')")).toThrow(/Code generation from strings disallowed/);
  expect(() => evaluate("new Function('return 1')()")).toThrow(/Code generation from strings/);
  for (const name of ["document", "window", "self", "Buffer", "require", "process.cwd"]) {
    expect(evaluate(`typeof ${name}`)).toBe("undefined");
  }
  for (const name of ["XMLHttpRequest", "fetch", "setTimeout", "performance", "crypto"]) {
    expect(evaluate(`typeof ${name}`)).toBe("undefined");
  }
});

describe.for([true, false])("with Uint8Array.fromBase64: %s", (fromBase64) => {
  test("nothing is compiled when the module is loaded, and one thing in all calls after", async () => {
    const { exported, compiled, evaluate } = start({ fromBase64 });
    expect(compiled()).toBe(0);
    expect(evaluate("spied.decoded")).toBe(0);
    expect(await exported.get!.invokeQuery(call({ key: ["a"] }))).toBe("null");
    expect(compiled()).toBe(1);
    expect(await exported.has!.invokeQuery(call({ key: ["a"] }))).toBe("false");
    expect(compiled()).toBe(1);
    expect(evaluate("spied.decoded")).toBe(fromBase64 ? 1 : 0);
  });

  test("each key is looked up by its exact bytes", async () => {
    const { exported, ranges } = start({ fromBase64 });
    const entries = vectors.filter(({ bytes }) => bytes !== "");
    for (const { key, bytes } of entries) {
      ranges.length = 0;
      await exported.has!.invokeQuery(call({ key: key as JSONValue }));
      const value = { $bytes: Buffer.from(bytes, "hex").toString("base64") };
      expect(ranges[0]).toMatchObject({
        indexName: "kv.path",
        range: [{ type: "Eq", fieldPath: "path", value }],
      });
    }
    expect(entries.length).toBeGreaterThan(60);
  });
});

test("the core alone needs nothing but WebAssembly and a way to decode base64", async () => {
  const { text } = await bundleScript("bench/entry.mjs");
  const { evaluate, compiled } = startIsolate(text, { processEnv: false });
  for (const name of ["TextEncoder", "TextDecoder", "btoa", "Convex"]) {
    evaluate(`delete globalThis.${name}`);
  }
  expect(compiled()).toBe(0);
  const bytes = evaluate(`[...new Uint8Array(exported.encodeKey(["a", 1n, null]))]`);
  expect(bytes).toEqual([0x10, 0x61, 0, 0x09, 1, 0x03]);
  expect(compiled()).toBe(1);
});

// Without a limit the platform fetches ahead, and the transaction conflicts with writes there.
test("list looks for rows of version 1 and for deletions, and reads one row more than its page holds of the prefix's range", async () => {
  const { exported, ranges } = start();
  const page = await exported.list!.invokeQuery(call({ prefix: ["a"], limit: 7 }));
  expect(JSON.parse(page)).toEqual({ entries: [], continueCursor: "", isDone: true });
  const base64 = (hex: string) => ({ $bytes: Buffer.from(hex, "hex").toString("base64") });
  expect(ranges).toHaveLength(3);
  expect(ranges).toEqual(
    expect.arrayContaining([
      {
        limit: 1,
        indexName: "kv.path",
        range: [{ type: "Lt", fieldPath: "path", value: base64("") }],
      },
      {
        limit: 8,
        indexName: "kv.path",
        range: [
          { type: "Gte", fieldPath: "path", value: base64("106100") },
          { type: "Lt", fieldPath: "path", value: base64("106100ff") },
        ],
      },
      {
        limit: 8,
        indexName: "deletions.prefix",
        range: [
          { type: "Gte", fieldPath: "prefix", value: base64("") },
          { type: "Lt", fieldPath: "prefix", value: base64("106100ff") },
        ],
      },
    ]),
  );
});

test("an unusable argument is a ConvexError with its code", async () => {
  const { exported } = start();
  const error: unknown = await exported
    .list!.invokeQuery(call({ prefix: [], limit: 0 }))
    .catch((e: unknown) => e);
  expect(JSON.parse((error as { data: string }).data)).toMatchObject({ code: "invalid_limit" });
});
