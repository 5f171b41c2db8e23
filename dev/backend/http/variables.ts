import type { Backend } from "../backend.js";
import { RequestFault, type Handler } from "./reply.js";

/** What `npx convex env set` and `remove` call. `list` and `get` are system functions. */
export function environmentVariables(backend: Backend): Handler {
  return async ({ method, path, authorization, body }) => {
    if (method !== "POST" || path !== "/api/update_environment_variables") return null;
    if (authorization !== `Convex ${backend.adminKey}`) {
      throw new RequestFault(403, "BadAdminKey", "The admin key is not this backend's.");
    }
    let changes: unknown;
    try {
      ({ changes } = JSON.parse(body.toString("utf8")) as Record<string, unknown>);
    } catch {
      throw new RequestFault(400, "BadJsonBody", "The body is not JSON");
    }
    backend.setEnvironment(changes);
    return await Promise.resolve({ status: 200, body: null });
  };
}
