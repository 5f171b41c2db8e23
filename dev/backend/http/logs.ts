import type { Handler } from "./reply.js";

/** How long the CLI waits for lines, in ms. */
const PATIENCE = 30_000;
// Not a fake clock's.
const { setTimeout } = globalThis;

/** The CLI's watch asks for the log. There is none for it: the backend prints its own. */
export const functionLogs: Handler = async ({ method, path, query }) => {
  if (method !== "GET" || path !== "/api/stream_function_logs") return null;
  await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  return { status: 200, body: { entries: [], newCursor: Number(query.get("cursor") ?? 0) } };
};
