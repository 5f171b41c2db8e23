import { expect } from "vitest";
import type { Outcome, StoreCall } from "../../runtime/app/convex/carry.js";
import type { Act } from "./calls.js";
import { Model } from "./model.js";
import { realise } from "./realise.js";

/** A backend that acts are played on. */
export interface Stage {
  now: number;
  /** Makes the calls in one function. Null if that tells nothing, since it failed on purpose. */
  perform(act: Exclude<Act, { pass: number }>, calls: StoreCall[]): Promise<Outcome[] | null>;
  /** Lets the background come to its end. */
  rest(): Promise<void>;
  pass(milliseconds: number): Promise<void>;
  /** What getAll of the root returns. */
  everything(): Promise<unknown>;
  /**
   * Looks behind the API, if it can; with the calls that were made since it looked last, if there
   * were any.
   */
  look?(model: Model, made?: StoreCall[]): Promise<void>;
}

/** Plays acts on a stage, and holds all that comes of them against the model. */
export async function play(stage: Stage, acts: readonly Act[]): Promise<void> {
  const model = new Model(stage.now);
  for (const act of acts) {
    if ("pass" in act) await pass(stage, model, act.pass);
    else await perform(stage, model, act);
  }
  // In the end all timers have rung, and a vacuum leaves nothing that has expired.
  await pass(stage, model, 200_000);
  const vacuum = { do: "vacuum", store: 0 } as const;
  await perform(stage, model, { in: "mutation", calls: [vacuum], fails: false, rests: true });
  expect(model.dead).toEqual([]);
  expect(model.timers.size).toBe(0);
}

async function pass(stage: Stage, model: Model, milliseconds: number): Promise<void> {
  await rest(stage, model);
  await stage.pass(milliseconds);
  model.pass(milliseconds);
  await look(stage, model);
}

async function perform(
  stage: Stage,
  model: Model,
  act: Exclude<Act, { pass: number }>,
): Promise<void> {
  const calls = act.calls.map((call) => realise(call, model));
  const isUndone = act.in === "mutation" && act.fails;
  const trial = isUndone ? model.copy() : model;
  const outcomes = await stage.perform(act, calls);
  for (const [i, outcome] of (outcomes ?? []).entries()) {
    trial.judge(calls[i]!, outcome, act.in);
  }
  if (act.in === "query") return;
  await look(stage, model, calls);
  // What a move or a copy does in the background depends on what is there when it gets there.
  const isMoving = model.running.some(({ kind }) => kind === "move" || kind === "copy");
  if (act.rests || isMoving) await rest(stage, model);
}

/** Lets the background come to its end, if anything goes on there. */
async function rest(stage: Stage, model: Model): Promise<void> {
  if (model.running.length === 0) return;
  await stage.rest();
  model.rest();
  await look(stage, model);
}

async function look(stage: Stage, model: Model, made?: StoreCall[]): Promise<void> {
  model.judgeAll(await stage.everything());
  await stage.look?.(model, made);
}
