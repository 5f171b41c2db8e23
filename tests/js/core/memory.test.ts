import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Core } from "../support/freshCore.js";
import { type CoreCall, coreCalls, watched } from "../support/coreCalls.js";
import { freshCore } from "../support/freshCore.js";
import { type WatchedMemories, watchMemories } from "../support/growth.js";

// The memory of instances that are used for long, and of such as grow in the middle of a call.

const run = (core: Core) => coreCalls.map((call) => call.run(core));

/** How many calls of the core all of these make. */
function callsOf(core: Core): number {
  let calls = 0;
  run(watched(core, () => (calls += 1)));
  return calls;
}

const ENOUGH = 256 * 1024;

/**
 * Whether the memory of each instance grows if its input is to hold so many bytes, after these
 * rounds.
 */
async function grows(rounds: number, inputs: readonly number[]): Promise<boolean[]> {
  const { core, instances } = await freshCore();
  for (let i = 0; i < rounds; i++) run(core);
  const running = instances();
  return running.map((instance, i) => {
    const before = instance.bytes.byteLength;
    instance.reserveInput(inputs[i]!);
    return instance.bytes.byteLength !== before;
  });
}

/** To the byte, the most that each instance's input can hold within the memory that it has. */
async function roomAfter(rounds: number): Promise<number[]> {
  const most = (await grows(rounds, [])).map(() => ({ fits: 0, not: ENOUGH }));
  while (most.some(({ fits, not }) => not - fits > 1)) {
    const tried = most.map(({ fits, not }) => (fits + not) >> 1);
    for (const [i, grew] of (await grows(rounds, tried)).entries()) {
      most[i]![grew ? "not" : "fits"] = tried[i]!;
    }
  }
  return most.map(({ fits }) => fits);
}

test("two thousand calls of all kinds leave as much memory free, to the byte, as a few do", async () => {
  const { core, instances } = await freshCore();
  const answers = run(core);
  const rounds = Math.ceil(2_000 / callsOf(core));
  const running = instances();
  const sizes = () => running.map(({ bytes }) => bytes.byteLength);
  const before = sizes();
  for (let i = 0; i < rounds; i++) run(core);
  expect(sizes()).toEqual(before);
  expect(run(core)).toEqual(answers);
  expect(instances()).toEqual(running);

  const room = await roomAfter(2);
  expect(Math.max(...room)).toBeLessThan(ENOUGH - 1);
  expect(await grows(2 + rounds, room)).toEqual(room.map(() => false));
});

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
