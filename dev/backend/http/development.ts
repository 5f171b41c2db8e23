import type { Backend } from "../backend.js";
import type { ManualClock } from "../clock.js";
import type { Usage } from "../engine/usage.js";
import { setPatience } from "../isolate/patience.js";
import { RequestFault, type Handler } from "./reply.js";

// What a deployment does not have: figures, a clock to move, and a way to begin again.

export function developmentTools(backend: Backend, clock: ManualClock | undefined): Handler {
  return async ({ method, path, query, body }) => {
    if (method === "GET" && path === "/dev/calls") {
      return { status: 200, body: backend.log.since(Number(query.get("since") ?? 0)) };
    }
    if (method === "POST" && path === "/dev/advance") {
      if (!clock) throw new RequestFault(400, "RealClock", "The clock is the machine's own");
      await clock.advance(numberIn(body), () => backend.settle());
      return { status: 200, body: { now: Date.now() } };
    }
    if (method === "POST" && path === "/dev/patience") {
      setPatience(numberIn(body));
      return { status: 200, body: null };
    }
    if (method === "POST" && path === "/dev/reset") {
      await backend.settle();
      clock?.reset();
      backend.reset(body.length > 0 ? limitsIn(body) : undefined);
      return { status: 200, body: null };
    }
    return null;
  };
}

function limitsIn(body: Buffer): Partial<Usage> {
  try {
    return JSON.parse(body.toString("utf8")) as Partial<Usage>;
  } catch {
    throw new RequestFault(400, "BadBody", "The body is not JSON");
  }
}

function numberIn(body: Buffer): number {
  const number = Number(body.toString("utf8"));
  if (Number.isFinite(number) && number >= 0) return number;
  throw new RequestFault(400, "BadBody", "The body is not a number, 0 or more");
}
