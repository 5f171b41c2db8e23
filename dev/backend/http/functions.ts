import type { JSONValue } from "convex/values";
import type { Backend } from "../backend.js";
import type { Outcome } from "../engine/engine.js";
import { encodeTs } from "../sync/protocol.js";
import { RequestFault, type Handler, type Reply } from "./reply.js";

// What ConvexHttpClient calls: convex/src/browser/http_client.ts

/** The status that reports a failure of the function itself. */
const FUNCTION_FAILED = 560;

interface Call {
  path: string;
  args: JSONValue;
  componentPath: string;
}

export function functionCalls(backend: Backend): Handler {
  const routes: Record<string, (call: Call, isAdmin: boolean) => Promise<Outcome>> = {
    "/api/query": async (call, isAdmin) =>
      (await backend.query(at(call), call.args, isAdmin)).outcome,
    // Nothing else runs at the same time, so that the latest is as good as any time.
    "/api/query_at_ts": async (call, isAdmin) =>
      (await backend.query(at(call), call.args, isAdmin)).outcome,
    "/api/mutation": async (call, isAdmin) =>
      (await backend.mutation(at(call), call.args, isAdmin)).outcome,
    "/api/action": (call, isAdmin) => backend.action(at(call), call.args, isAdmin),
    "/api/function": (call, isAdmin) => backend.run(at(call), call.args, isAdmin),
  };
  return async ({ method, path, authorization, body }) => {
    if (method !== "POST") return null;
    if (path === "/api/query_ts") return { status: 200, body: { ts: encodeTs(backend.ts) } };
    const run = routes[path];
    if (!run) return null;
    const isAdmin = isAdminOf(backend, authorization);
    return replyTo(await run(parseCall(body), isAdmin));
  };
}

function isAdminOf(backend: Backend, authorization: string | undefined): boolean {
  if (authorization === undefined) return false;
  if (authorization === `Convex ${backend.adminKey}`) return true;
  throw new RequestFault(401, "Unauthenticated", "The development backend knows no users");
}

function parseCall(body: Buffer): Call {
  let json: unknown;
  try {
    json = JSON.parse(body.toString("utf8"));
  } catch {
    throw new RequestFault(400, "BadJsonBody", "The body is not JSON");
  }
  const { path, args, componentPath } = (json ?? {}) as Record<string, JSONValue>;
  if (typeof path !== "string") {
    throw new RequestFault(400, "BadJsonBody", "The body has no path: the function's name");
  }
  return {
    path,
    args: (Array.isArray(args) ? args[0] : args) ?? {},
    componentPath: typeof componentPath === "string" ? componentPath : "",
  };
}

function at({ path, componentPath }: Call) {
  return { component: componentPath, name: path };
}

function replyTo({ logLines, ...outcome }: Outcome): Reply {
  const status = "value" in outcome ? "success" : "error";
  return {
    status: status === "success" ? 200 : FUNCTION_FAILED,
    body: { status, ...outcome, logLines },
  };
}
