import type { JSONValue } from "convex/values";
import { beforeAll, describe, expect, test } from "vitest";
import type { Bundle } from "../../../dev/backend/isolate/bundle.js";
import { inspectModule } from "../../../dev/backend/isolate/inspect.js";
import vectors from "../../vectors/keys.json" with { type: "json" };
import { emptyTable, type IndexRange } from "../support/emptyTable.js";
import { type Call, ENTRY, makeCalls, spiedBundle } from "../support/isolate.js";

// The deployed component function, run as Convex runs it: in a fresh context without eval.

let kv: Bundle;
beforeAll(async () => {
  kv = await spiedBundle("dist/convex/kv.js");
});

test("the context is as strict as it ought to be", async () => {
  const absent = ["document", "window", "self", "Buffer", "require", "process.cwd"];
  absent.push("XMLHttpRequest", "fetch", "setTimeout", "performance", "crypto");
  const look = `() => {
    const evaluated = [() => eval("1"), () => new Function("return 1")()].map((evaluate) => {
      try {
        return evaluate();
      } catch (error) {
        return String(error);
      }
    });
    return { evaluated, types: [${absent.map((name) => `typeof ${name}`).join()}] };
  }`;
  const refusal = "EvalError: Code generation from strings disallowed for this context";
  expect(await inspectModule(kv, ENTRY, look)).toEqual({
    evaluated: [refusal, refusal],
    types: absent.map(() => "undefined"),
  });
});

describe.for([true, false])("with Uint8Array.fromBase64: %s", (fromBase64) => {
  let bundle: Bundle;
  beforeAll(async () => {
    const without = ["Uint8Array.fromBase64"];
    bundle = fromBase64 ? kv : await spiedBundle("dist/convex/kv.js", without);
  });

  test("nothing is compiled when the module is loaded, and one thing in all calls after", async () => {
    const atLoad = await inspectModule(bundle, ENTRY, "({ spied }) => spied");
    expect(atLoad).toMatchObject({ compiled: 0, decoded: 0 });
    const key = ["a"];
    const [get, has] = await makeCalls(bundle, emptyTable(), [
      ["get", { key }],
      ["has", { key }],
    ]);
    expect(get).toMatchObject({ returned: null, compiled: 1 });
    expect(has).toMatchObject({ returned: false, compiled: 1, decoded: fromBase64 ? 1 : 0 });
  });

  test("each key is looked up by its exact bytes", async () => {
    const entries = vectors.filter(({ bytes }) => bytes !== "");
    const calls = entries.map(({ key }): Call => ["has", { key: key as JSONValue }]);
    const ranges: IndexRange[] = [];
    await makeCalls(bundle, emptyTable(ranges), calls);
    const exact = ranges.filter(({ range }) => range[0]?.type === "Eq");
    expect(exact).toMatchObject(
      entries.map(({ bytes }) => ({
        indexName: "kv.path",
        range: [{ type: "Eq", fieldPath: "path", value: base64(bytes) }],
      })),
    );
    expect(entries.length).toBeGreaterThan(60);
  });
});

test("the core alone needs nothing but WebAssembly and a way to decode base64", async () => {
  const without = ["process", "TextEncoder", "TextDecoder", "btoa", "Convex", "console"];
  const core = await spiedBundle("bench/entry.mjs", without);
  const look = `({ functions, spied }) => {
    const atLoad = spied.compiled;
    const bytes = [...new Uint8Array(functions.encodeKey(["a", 1n, null]))];
    return { atLoad, bytes, compiled: spied.compiled };
  }`;
  expect(await inspectModule(core, ENTRY, look)).toEqual({
    atLoad: 0,
    bytes: [0x10, 0x61, 0, 0x09, 1, 0x03],
    compiled: 1,
  });
});

// Without a limit the platform fetches ahead, and the transaction conflicts with writes there.
test("list looks for rows of version 1 and for deletions, and reads one row more than its page holds of the prefix's range", async () => {
  const ranges: IndexRange[] = [];
  const [page] = await makeCalls(kv, emptyTable(ranges), [["list", { prefix: ["a"], limit: 7 }]]);
  expect(page!.returned).toEqual({ entries: [], continueCursor: "", isDone: true });
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
  const [failed] = await makeCalls(kv, emptyTable(), [["list", { prefix: [], limit: 0 }]]);
  expect(failed!.thrown!.data).toMatchObject({ code: "invalid_limit" });
});

function base64(hex: string) {
  return { $bytes: Buffer.from(hex, "hex").toString("base64") };
}
