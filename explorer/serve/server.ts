import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, sep } from "node:path";
import { type Configuration, configured } from "./configure.js";

// Serves the built page on this machine, to this machine.

/** Only programs on this machine can connect. */
const LOOPBACK = "127.0.0.1";

/** Those of the files that the build writes. */
const TYPES: Record<string, string> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

export interface PageServer {
  /** Where it is served. */
  url: string;
  /** Ends it, and closes the connections. */
  stop(): Promise<void>;
}

interface File {
  body: Buffer;
  headers: Record<string, string>;
}

/**
 * Serves the page that was built into `folder` for one deployment.
 *
 * @param port 0: any that is free. Rejects with the error of `listen` if it is taken.
 */
export async function servePage(
  folder: string,
  configuration: Configuration,
  port: number,
): Promise<PageServer> {
  const files = filesIn(folder, configuration);
  const server = createServer((request, response) => answer(request, response, files));
  server.listen(port, LOOPBACK);
  await once(server, "listening");
  return {
    url: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/`,
    stop: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * The files by the paths of their requests. They are read once: what is not among them cannot be
 * asked for, by whatever path.
 */
function filesIn(folder: string, configuration: Configuration): Map<string, File> {
  const files = new Map<string, File>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const file = join(entry.parentPath, entry.name);
    const path = file.slice(folder.length).split(sep).join("/").replace(/^\/*/, "/");
    const body = readFileSync(file);
    if (path === "/index.html") {
      const page = Buffer.from(configured(body.toString("utf8"), configuration));
      const headers = { ...headersOf(type, "no-store"), ...pageHeaders(configuration.url) };
      files.set("/", { body: page, headers });
    } else {
      // Their names tell their contents apart.
      const isNamedByContent = path.startsWith("/assets/");
      const caching = isNamedByContent ? "private, max-age=31536000, immutable" : "no-cache";
      files.set(path, { body, headers: headersOf(type, caching) });
    }
  }
  return files;
}

function headersOf(type: string, caching: string): Record<string, string> {
  return {
    "Content-Type": type,
    "Cache-Control": caching,
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
  };
}

/** The page may load what is served with it, and talk to its deployment; and nothing else. */
function pageHeaders(deployment: string): Record<string, string> {
  const { origin } = new URL(deployment);
  const policy = [
    "default-src 'none'",
    "script-src 'self'",
    // The editor brings styles in elements of its own.
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    `connect-src ${origin} ${origin.replace(/^http/, "ws")}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    "Content-Security-Policy": policy.join("; "),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
  };
}

function answer(request: IncomingMessage, response: ServerResponse, files: Map<string, File>) {
  const refuse = (status: number, text: string, headers = {}) => {
    response.writeHead(status, {
      ...headersOf("text/plain; charset=utf-8", "no-store"),
      ...headers,
    });
    response.end(text);
  };
  const { method, url = "/", headers } = request;
  // A name of somebody's own that leads here would make the page one of their origin's.
  if (!isOwnName(headers.host))
    return refuse(403, "This is served as 127.0.0.1 and localhost only.");
  if (method !== "GET" && method !== "HEAD") {
    return refuse(405, "There is nothing here but to read.", { Allow: "GET, HEAD" });
  }
  const file = files.get(url.split("?")[0]!);
  if (!file) return refuse(404, "There is no such file.");
  response.writeHead(200, { ...file.headers, "Content-Length": file.body.length });
  response.end(method === "HEAD" ? undefined : file.body);
}

function isOwnName(host: string | undefined): boolean {
  return /^(127\.0\.0\.1|localhost)(:\d+)?$/i.test(host ?? "");
}
