import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { promisify } from "node:util";
import { brotliDecompress } from "node:zlib";
import { WebSocketServer, type WebSocket } from "ws";
import type { Backend } from "./backend.js";
import type { ManualClock } from "./clock.js";
import { developmentTools } from "./http/development.js";
import { functionCalls } from "./http/functions.js";
import { functionLogs } from "./http/logs.js";
import { environmentVariables } from "./http/variables.js";
import { RequestFault, type Handler, type Reply } from "./http/reply.js";
import { createPush } from "./push/index.js";
import { Session } from "./sync/session.js";

/** Arguments of 16 MiB, and what is around them. */
const MAX_MESSAGE_BYTES = 20 << 20;
/** Modules and their source maps. */
const MAX_PUSH_BYTES = 256 << 20;
/** Clients assume that a server which is silent for long is gone. */
const PING_PERIOD = 15_000;
/** How long idle connections stay open, in ms. */
const KEPT_ALIVE = 300_000;

/** Only programs on this machine can connect. */
const LOOPBACK = "127.0.0.1";

const decompress = promisify(brotliDecompress);
// Not a fake clock's.
const { setInterval, clearInterval } = globalThis;

/** Serves the official clients and the CLI. @returns Its URL. */
export async function serve(
  backend: Backend,
  port: number,
  clock: ManualClock | undefined,
): Promise<string> {
  const server = createServer((request, response) => void answer(request, response));
  // A client that goes on just when its idle connection is closed would see its call fail.
  server.keepAliveTimeout = KEPT_ALIVE;
  server.listen(port, LOOPBACK);
  await once(server, "listening");
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;

  backend.url = url;
  const push = createPush(backend, { adminKey: backend.adminKey, url });
  const handlers: Handler[] = [
    functionCalls(backend),
    developmentTools(backend, clock),
    functionLogs,
    environmentVariables(backend),
    ({ method, path, authorization, body }) => push.handle(method, path, authorization, body),
  ];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body } = await handle(request, handlers).catch(faultReply);
    // Pages of other origins may call, as they may call a deployment.
    response.writeHead(status, {
      "Content-Type": "application/json",
      "Access-Control-Allow-Origin": "*",
      "Access-Control-Allow-Headers": "*",
      "Access-Control-Allow-Methods": "GET, POST",
    });
    response.end(JSON.stringify(body));
  }

  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  server.on("upgrade", (request, socket, head) => {
    if (!/^\/api\/[^/]+\/sync$/.test(pathOf(request))) return void socket.destroy();
    sockets.handleUpgrade(request, socket, head, (webSocket) => connect(backend, webSocket));
  });
  return url;
}

function connect(backend: Backend, webSocket: WebSocket): void {
  const session = new Session(backend, {
    send: (text) => webSocket.send(text),
    reject: (reason) => webSocket.close(1008, reason.slice(0, 100)),
  });
  const pings = setInterval(() => session.ping(), PING_PERIOD);
  webSocket.on("message", (data) => session.receive((data as Buffer).toString("utf8")));
  // A message that is too large, for one: the connection closes, and the others continue.
  webSocket.on("error", () => {});
  webSocket.on("close", () => {
    clearInterval(pings);
    session.close();
  });
}

async function handle(request: IncomingMessage, handlers: Handler[]): Promise<Reply> {
  if (request.method === "OPTIONS") return { status: 204, body: undefined };
  const path = pathOf(request);
  const body = await read(request, path.startsWith("/api/deploy2/"));
  const query = new URLSearchParams((request.url ?? "").split("?")[1]);
  for (const handler of handlers) {
    const { authorization } = request.headers;
    const method = request.method ?? "GET";
    const reply = await handler({ method, path, query, authorization, body });
    if (reply) return reply;
  }
  throw new RequestFault(404, "NotFound", `The development backend has no ${path}`);
}

async function read(request: IncomingMessage, isPush: boolean): Promise<Buffer> {
  const limit = isPush ? MAX_PUSH_BYTES : MAX_MESSAGE_BYTES;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      // The rest is read all the same, or the client could not hear the answer.
      if (bytes <= limit) chunks.push(chunk);
    }
  } catch {
    throw new RequestFault(400, "BadBody", "The request was given up half way");
  }
  if (bytes > limit) throw new RequestFault(413, "RequestTooLarge", `More than ${limit} bytes`);
  const body = Buffer.concat(chunks);
  if (request.headers["content-encoding"] !== "br") return body;
  try {
    return await decompress(body, { maxOutputLength: MAX_PUSH_BYTES });
  } catch {
    throw new RequestFault(400, "BadBody", "The body cannot be decompressed");
  }
}

function faultReply(error: unknown): Reply {
  if (error instanceof RequestFault) {
    return { status: error.status, body: { code: error.code, message: error.message } };
  }
  console.error(error);
  return { status: 500, body: { code: "InternalServerError", message: String(error) } };
}

function pathOf({ url }: IncomingMessage): string {
  return (url ?? "").split("?")[0]!;
}
