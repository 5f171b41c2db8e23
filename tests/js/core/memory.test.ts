import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CoreCall, coreCalls, watched, type WholeCore } from "../support/coreCalls.js";
import { freshCore } from "../support/freshCore.js";
import { type WatchedMemories, watchMemories } from "../support/growth.js";

// The memory of instances that are used for long, and of such as grow in the middle of a call.

const run = (core: WholeCore) => coreCalls.map((call) => call.run(core));

/** How many calls of the core all of these make. */
function callsOf(core: WholeCore): number {
  let calls = 0;
  run(watched(core, () => (calls += 1)));
  return calls;
}

test("a million calls of all kinds leave memory where it was", async () => {
  const { core, instances } = await freshCore();
  const running = instances();
  const sizes = () => running.map(({ bytes }) => bytes.byteLength);
  const answers = run(core);
  const callsOfRound = callsOf(core);
  const before = sizes();

  const rounds = Math.ceil(1_000_000 / callsOfRound);
  for (let i = 0; i < rounds; i++) run(core);
  expect(sizes()).toEqual(before);
  expect(run(core)).toEqual(answers);
  expect(instances()).toEqual(running);
}, 120_000);

describe("memory that grows in each call of the wasm keeps what is read and written in its place", () => {
  let memories: WatchedMemories;
  beforeEach(() => {
    memories = watchMemories();
  });
  afterEach(() => memories.stop());

  test.for(coreCalls)("$name", async (call: CoreCall) => {
    const { core, instances } = await freshCore();
    const answer = call.run(core);
    const grown = memories.growInEachCall(instances());
    expect(call.run(core)).toEqual(answer);
    expect(grown()).toBeGreaterThan(0);
  });
});
