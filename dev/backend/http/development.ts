import type { Backend } from "../backend.js";
import type { ManualClock } from "../clock.js";
import { RequestFault, type Handler } from "./reply.js";

// What a deployment does not have: figures, and a clock to move.

export function developmentTools(backend: Backend, clock: ManualClock | undefined): Handler {
  return async ({ method, path, query, body }) => {
    if (method === "GET" && path === "/dev/calls") {
      return { status: 200, body: backend.log.since(Number(query.get("since") ?? 0)) };
    }
    if (method === "POST" && path === "/dev/advance") {
      if (!clock) throw new RequestFault(400, "RealClock", "The clock is the machine's own");
      await clock.advance(millisecondsIn(body), () => backend.settle());
      return { status: 200, body: { now: Date.now() } };
    }
    return null;
  };
}

function millisecondsIn(body: Buffer): number {
  const ms = Number(body.toString("utf8"));
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new RequestFault(400, "BadBody", "The body is not a number of milliseconds");
}
