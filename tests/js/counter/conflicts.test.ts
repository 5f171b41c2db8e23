import { readFileSync } from "node:fs";
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";
import { countConflicts } from "./conflicts.js";
import { type Footprint, type Recorder, startRecorder } from "./footprints.js";

// How often those who add at once get in each other's way: docs/recipes.md has the figures.

const CLIENTS = 50;
const ADDS = 1_000;
const KEY = ["home"];

let recorder: Recorder;
beforeAll(async () => {
  recorder = await startRecorder();
});
afterAll(() => recorder.close());
afterEach(() => {
  vi.restoreAllMocks();
});

/** The same numbers in each run: by a linear congruential generator. */
function numbers(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const counterOf = (shards: number) => kvClientFactory(namedApi).counter(["views"], { shards });

/** What the real `add` did for each of the shards, where all of them have been added to before. */
async function footprintsOf(shards: number): Promise<Footprint[]> {
  const counter = counterOf(shards);
  const addToAll = async () => {
    for (let shard = 0; shard < shards; shard++) {
      vi.spyOn(Math, "random").mockReturnValue((shard + 0.5) / shards);
      await counter.add(recorder.ctx, KEY);
    }
    vi.restoreAllMocks();
  };
  await addToAll();
  const before = recorder.footprints.length;
  await addToAll();
  return recorder.footprints.slice(before);
}

/** How often 1,000 adds by 50 clients run again. */
async function conflictsOf(shards: number): Promise<number> {
  const footprints = await footprintsOf(shards);
  expect(footprints).toHaveLength(shards);
  const counter = counterOf(shards);
  const random = numbers();
  vi.spyOn(Math, "random").mockImplementation(random);
  const attempt = () => {
    // Which shard it is, the real `add` chooses, each time that it runs.
    const { ctx, calls } = fakeCtx(1);
    void counter.add(ctx, KEY);
    const { key } = calls[0]!.args as { key: unknown[] };
    return footprints[key.at(-1) as number]!;
  };
  return countConflicts({ clients: CLIENTS, each: ADDS / CLIENTS, attempt, random });
}

test("an add conflicts with one to the same shard, and with no other", async () => {
  const [first, second] = await footprintsOf(2);
  expect(first!.reads.isTouchedBy(first!.writes)).toBe(true);
  expect(first!.reads.isTouchedBy(second!.writes)).toBe(false);
  expect(second!.reads.isTouchedBy(first!.writes)).toBe(false);
});

test("16 shards conflict a tenth as often as one entry, as docs/recipes.md has it", async () => {
  const conflicts = new Map<number, number>();
  for (const shards of [1, 4, 16]) conflicts.set(shards, await conflictsOf(shards));
  expect(conflicts.get(16)! * 10).toBeLessThan(conflicts.get(1)!);
  const rows = [
    ...readFileSync("docs/recipes.md", "utf8").matchAll(/^\| +(\d+) +\| +([\d,]+) +\|$/gm),
  ];
  const documented = rows.map(([, shards, count]) => [
    Number(shards),
    Number(count!.replace(",", "")),
  ]);
  expect(documented).toEqual([...conflicts]);
});
