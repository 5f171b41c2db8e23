import fc from "fast-check";
import { expect, test } from "vitest";
import { acts } from "../../js/model/calls.js";
import { play, type Stage } from "../../js/model/play.js";
import { api } from "../app/convex/_generated/api.js";
import type { StoreCall } from "../app/convex/carry.js";
import { HANGS_AFTER } from "../../../dev/backend/testing/limits.mjs";
import { useBackend } from "../support/backend.js";
import { makeCalls, textOf } from "../support/calls.js";

// The model of tests/js/model, on the package as it ships: what crosses to the component and back
// does so as in a deployment, each call in a separate context. MODEL_RUNS and MODEL_SEED run more,
// or others.

const numRuns = Number(process.env.MODEL_RUNS ?? 6);
const seed = Number(process.env.MODEL_SEED ?? 20260802);

const backend = useBackend({ needs: ["clock", "empty"] });

const root = { prefix: [] };
const EVERYTHING: StoreCall = { store: root, call: { do: "getAll", scan: { prefix: [] } } };
const CLEAR: StoreCall = { store: root, call: { do: "deleteAll", scan: { prefix: [] } } };

async function newStage(): Promise<Stage> {
  await makeCalls(backend, "mutation", [CLEAR]);
  return {
    now: backend.now,
    perform: async (act, calls) => {
      if (act.in !== "mutation" || !act.fails) return await makeCalls(backend, act.in, calls);
      const failing = backend.http.mutation(api.calls.writeAndFail, { calls: textOf(calls) });
      await expect(failing).rejects.toThrow("On purpose");
      return null;
    },
    rest: () => backend.advance(0),
    pass: (milliseconds) => backend.advance(milliseconds),
    everything: async () => {
      const [outcome] = await makeCalls(backend, "query", [EVERYTHING]);
      return "result" in outcome! ? outcome.result : outcome;
    },
  };
}

test(
  "every call does what the model says",
  async () => {
    const property = fc.asyncProperty(acts, async (acts) => play(await newStage(), acts));
    await fc.assert(property, { seed, numRuns });
  },
  HANGS_AFTER + numRuns * 60_000,
);
