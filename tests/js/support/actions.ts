import { vi } from "vitest";
import type { AppActionCtx, Backend } from "./backend.js";

// Actions that wait, on a stopped clock (stopClock): time passes for them only if a test says so.

// Vitest's clock has others.
const { setImmediate } = globalThis;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const STEP = 10;

export interface Actions {
  /** Runs `body` as an action of the app. Nobody need wait for it at once. */
  act<T>(body: (ctx: AppActionCtx) => Promise<T>): Promise<T>;
  /** Lets `ms` pass. What actions do meanwhile, they do at its time, as if it took no time. */
  pass(ms: number): Promise<void>;
}

export function actionsOf(backend: Pick<Backend, "act">): Actions {
  let underWay = 0;
  const watched = <C extends (...args: never[]) => Promise<unknown>>(call: C): C =>
    (async (...args: never[]) => {
      underWay++;
      try {
        return await call(...args);
      } finally {
        underWay--;
      }
    }) as C;
  const act: Actions["act"] = async (body) =>
    await watched(backend.act)(async (ctx) => {
      const { runQuery, runMutation, runAction } = ctx;
      // The action itself is under way too, but only its calls are waited for.
      underWay--;
      try {
        return await body({
          runQuery: watched(runQuery),
          runMutation: watched(runMutation),
          // These may take as long as a test wants.
          runAction,
        });
      } finally {
        underWay++;
      }
    });
  /** Waits until nothing is under way any more, and what came of it has begun nothing new. */
  const settle = async () => {
    for (let idle = 0; idle < 3; idle++) {
      await turn();
      if (underWay > 0) idle = -1;
    }
  };
  const pass = async (ms: number) => {
    await settle();
    for (let left = ms; left > 0; left -= STEP) {
      vi.advanceTimersByTime(Math.min(left, STEP));
      await settle();
    }
  };
  return { act, pass };
}
