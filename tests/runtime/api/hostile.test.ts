import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { BOUNDARY } from "../../js/hostile/boundary.js";
import { api } from "../app/convex/_generated/api.js";
import type { Call, StoreCall } from "../app/convex/carry.js";
import { useBackend } from "../support/backend.js";
import { makeCalls, textOf } from "../support/calls.js";

// The part of the table of hostile inputs that needs the platform's own limits.

const store = { prefix: ["hostile", "limits"] };

const backend = useBackend();

/** The code of the error, "Convex" for one that is not ours, or nothing if there is none. */
async function refusalOf(call: Call | { entry: unknown }): Promise<string | undefined> {
  try {
    if ("entry" in call) {
      await backend.http.mutation(api.calls.setDirectly, { entry: textOf(call.entry) });
      return undefined;
    }
    const [outcome] = await makeCalls(backend, "mutation", [{ store, call }]);
    return "refused" in outcome! ? outcome.refused : undefined;
  } catch (error) {
    if (!(error instanceof ConvexError)) return "Convex";
    return (error.data as { code: string }).code;
  }
}

async function everything(): Promise<string> {
  const call: Call = { do: "getAll", scan: { prefix: [] } };
  const calls: StoreCall[] = [{ store: { prefix: ["hostile"] }, call }];
  return textOf(await makeCalls(backend, "query", calls));
}

describe.each(BOUNDARY)("$title", ({ calls }) => {
  test.each(calls)("$input", async ({ call, outcome }) => {
    const before = await everything();
    const expected = typeof outcome === "string" ? outcome : undefined;
    expect(await refusalOf(call)).toBe(expected);
    if (expected !== undefined) expect(await everything()).toBe(before);
  });
});
