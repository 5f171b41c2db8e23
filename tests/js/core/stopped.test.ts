import { describe, expect, test } from "vitest";
import type { WasmModule } from "../../../js/core/wasmModule.js";
import type { PlanRequest } from "../../../js/core/messages.js";
import type { Core } from "../support/freshCore.js";
import { coreCalls, textOfStep } from "../support/coreCalls.js";
import { kvErrorOf } from "../support/errors.js";
import { freshCore, withMostPages } from "../support/freshCore.js";

// What becomes of calls whose wasm stops under way.

const FAILED = /^The key-value core failed \(.+\), and what it was doing is lost\./;
const page = { plan: "page", limit: 3, transactionLimits: null } as const;
const open = (core: Core, prefix = "a") => core.openPlan(page, { prefix: [prefix] });

async function expectFailed(call: () => unknown): Promise<void> {
  expect((await kvErrorOf(call, "invalid_request")).message).toMatch(FAILED);
}

/** Whether this answer (`answerOf`) is that the wasm stopped. */
const hasFailed = (answer: unknown) =>
  FAILED.test((answer as { message?: string } | undefined)?.message ?? "");

/** A module in which calls of this function trap: it is called for another than it is. */
const withTrapIn = (name: string) => (module: WasmModule) =>
  ({
    ...module,
    functions: module.functions.map((entry) => (entry[0] === name ? [name, entry[1], 0] : entry)),
  }) as WasmModule;

const asShipped = (module: WasmModule) => module;

describe("a trap", () => {
  test.for(["openPlan", "startPlan", "giveRows", "closePlan"])(
    "in %s is a KvError, and the next call works in another instance",
    async (name) => {
      const { core, instances, provideModules } = await freshCore(withTrapIn(name));
      const before = instances();
      provideModules(asShipped);
      const run = () => {
        const plan = open(core);
        plan.start();
        plan.rows([], true);
        plan.close();
      };
      await expectFailed(run);
      run();
      const changed = instances().map((instance, i) => instance !== before[i]);
      expect(changed).toEqual([false, true]);
    },
  );

  test("in encodeKey is one too, and so it is each time", async () => {
    const { core, provideModules } = await freshCore(withTrapIn("encodeKey"));
    for (let i = 0; i < 3; i++) await expectFailed(() => core.encodeKey(["a"]));
    provideModules(asShipped);
    expect(core.encodeKey(["a"]).byteLength).toBe(3);
  });

  test("ends the plans that are open in that instance", async () => {
    const { core, provideModules } = await freshCore(withTrapIn("giveClock"));
    const [lost, alsoLost, trapping] = [open(core), open(core, "b"), open(core, "c")];
    lost.start();
    provideModules(asShipped);
    await expectFailed(() => trapping.clock(0));

    // They would find handles of their own numbers in the new instance.
    const next = [open(core, "e"), open(core, "f"), open(core, "g")];
    const steps = next.map((plan) => plan.start());
    await expectFailed(() => lost.rows([], true));
    await expectFailed(() => alsoLost.start());
    await expectFailed(() => trapping.written());
    for (const plan of [lost, alsoLost, trapping]) plan.close();
    expect(next.map((plan) => plan.rows([], true))).toMatchObject(
      Array(3).fill({ step: "page", isDone: true }),
    );
    expect(new Set(steps.map(textOfStep)).size).toBe(3);
  });
});

describe("memory that runs out", () => {
  const MOST_PAGES = 4;
  const small = (module: WasmModule) => withMostPages(module, MOST_PAGES);
  const now = { now: 0, transactionLimits: null };
  const requests: PlanRequest[] = [
    { plan: "page", transactionLimits: null },
    { plan: "first", transactionLimits: null },
    { plan: "copy", onConflict: "skip", ...now },
  ];
  const hold = (core: Core, request: PlanRequest, length = 400) =>
    core.openPlan(request, { prefix: ["h".repeat(length)], to: ["b"] });

  /** How many such plans may be open at once. */
  async function mostOf(core: Core, request: PlanRequest, length?: number): Promise<number> {
    for (let most = 0; ; most++) {
      try {
        hold(core, request, length);
      } catch (error) {
        await expectFailed(() => {
          throw error;
        });
        return most;
      }
    }
  }

  test.for(requests)(
    "with plans $plan open is a KvError, and the next call works",
    async (request) => {
      const { core, instances } = await freshCore(small);
      const [before, most] = [instances(), await mostOf(core, request)];
      expect(most).toBeGreaterThan(10);
      expect(Math.max(...before.map(({ bytes }) => bytes.byteLength))).toBe(MOST_PAGES << 16);
      for (const call of coreCalls) call.run(core);
      // The new one has as much room as the first had.
      expect(Math.abs((await mostOf(core, request)) - most)).toBeLessThan(most / 4);
    },
  );

  test.for(requests)("with plans $plan open, it makes no answer wrong", async (request) => {
    const plans = coreCalls.filter(({ name }) => name.startsWith("plan"));
    const full = async () => {
      const { core } = await freshCore(small);
      for (let n = 0; n < most; n++) hold(core, request);
      return core;
    };
    // Short ones fill what the long ones leave.
    const filled = async (left: number) => {
      const core = await full();
      for (let n = left; n < mostShort; n++) hold(core, request, 1);
      return core;
    };
    const { core } = await freshCore(small);
    const answers = new Map(plans.map((call) => [call, call.run(core)]));
    const most = await mostOf((await freshCore(small)).core, request);
    const mostShort = await mostOf(await full(), request, 1);
    const seen = { failed: 0, right: 0 };
    for (const left of [0, 1, 5, 8]) {
      let core = await filled(left);
      for (const call of plans) {
        const answer = call.run(core);
        if (!hasFailed(answer)) {
          expect(answer, call.name).toEqual(answers.get(call));
          seen.right += 1;
          continue;
        }
        seen.failed += 1;
        // Another instance answers, which is empty.
        expect(call.run(core), call.name).toEqual(answers.get(call));
        core = await filled(left);
      }
    }
    expect(seen.failed).toBeGreaterThan(4);
    expect(seen.right).toBeGreaterThan(10);
  });

  test("already at the start is a KvError too", async () => {
    const { core, provideModules } = await freshCore((module) => withMostPages(module, 2));
    await expectFailed(() => core.encodeKey(["a"]));
    await expectFailed(() => open(core));
    provideModules(asShipped);
    expect(core.encodeKey(["a"]).byteLength).toBe(3);
  });
});
