import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { request } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { opener } from "../../../explorer/serve/browser.js";
import { urlIn } from "../../../explorer/serve/deployment.js";
import { type PageServer, servePage } from "../../../explorer/serve/server.js";

// What the explorer's package serves, and to whom.

const DEPLOYMENT = "https://happy-animal-123.convex.cloud";
const parent = mkdtempSync(join(tmpdir(), "explorer-server-"));
const folder = join(parent, "page");
let server: PageServer;
let port: number;

beforeAll(async () => {
  mkdirSync(join(folder, "assets"), { recursive: true });
  const write = (path: string, text: string) => writeFileSync(join(folder, path), text);
  write("index.html", "<html><head></head><body></body></html>");
  write("assets/main-1a2b.js", "the program");
  write("assets/main-1a2b.css", "the styles");
  write("icon.svg", "<svg/>");
  write("notes.txt", "not of the page");
  write("../secret.js", "beside the page");
  const module = 'a"b<c&d';
  server = await servePage(folder, { url: DEPLOYMENT, module }, 0);
  port = Number(new URL(server.url).port);
});

afterAll(async () => {
  await server.stop();
  rmSync(parent, { recursive: true });
});

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends the path as it is: `fetch` would tidy it up. */
function get(path: string, { method = "GET", host = `127.0.0.1:${port}` } = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { Host: host };
    request({ host: "127.0.0.1", port, path, method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, text }),
      );
    })
      .on("error", reject)
      .end();
  });
}

test("the page says which deployment it is for, and may talk to that alone", async () => {
  const { status, headers, text } = await get("/");
  expect(status).toBe(200);
  expect(text).toContain(`<meta name="convex-url" content="${DEPLOYMENT}" />`);
  expect(text).toContain(`<meta name="convex-module" content="a&#34;b&#60;c&#38;d" />`);
  expect(headers).toMatchObject({
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
  const policy = String(headers["content-security-policy"]).split("; ");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).toContain(
    "connect-src https://happy-animal-123.convex.cloud wss://happy-animal-123.convex.cloud",
  );
  expect((await get("/?utm=1")).text).toBe(text);
});

test("a deployment at a path, without TLS, is admitted by its origin", async () => {
  const other = await servePage(folder, { url: "http://10.0.0.7:3210/convex", module: "m" }, 0);
  const { headers } = await fetch(other.url);
  await other.stop();
  expect(headers.get("content-security-policy")).toContain(
    "connect-src http://10.0.0.7:3210 ws://10.0.0.7:3210;",
  );
});

test.each([
  ["/assets/main-1a2b.js", "text/javascript; charset=utf-8", "immutable"],
  ["/assets/main-1a2b.css", "text/css; charset=utf-8", "immutable"],
  ["/icon.svg", "image/svg+xml", "no-cache"],
])("%s is %s", async (path, type, caching) => {
  const { status, headers } = await get(path);
  expect(status).toBe(200);
  expect(headers["content-type"]).toBe(type);
  expect(headers["cache-control"]).toContain(caching);
});

test.each([
  ...["/secret.js", "/../secret.js", "/..%2fsecret.js", "/assets/../../secret.js"],
  ...["//secret.js", "/..\\secret.js", "/%2e%2e/secret.js", "/assets", "/assets/", "/notes.txt"],
  ...["/index.html/", "/__proto__", "/constructor", parent + "/secret.js", "/%00", "/%"],
])("%s is nothing", async (path) => {
  expect(await get(path)).toMatchObject({ status: 404, text: "There is no such file." });
});

test.each(["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:80", "0.0.0.0", "x@"])(
  "a request to %s is refused, since its name could lead here",
  async (host) => {
    const { status, text } = await get("/", { host });
    expect(status).toBe(403);
    expect(text).not.toContain("convex");
  },
);

test("localhost is another name of this machine", async () => {
  expect((await get("/", { host: `localhost:${port}` })).status).toBe(200);
});

test("nothing can be sent", async () => {
  const { status, headers } = await get("/", { method: "POST" });
  expect(status).toBe(405);
  expect(headers.allow).toBe("GET, HEAD");
  const head = await get("/", { method: "HEAD" });
  expect(head).toMatchObject({ status: 200, text: "" });
  expect(head.headers["content-length"]).toBe((await get("/")).headers["content-length"]);
});

test("a port that is taken is an error, and one that was given up is free", async () => {
  const configuration = { url: DEPLOYMENT, module: "explorer" };
  await expect(servePage(folder, configuration, port)).rejects.toThrow("EADDRINUSE");
  const first = await servePage(folder, configuration, 0);
  // Neither does a connection that is kept alive keep it, nor a request that is not finished.
  const socket = connect(Number(new URL(first.url).port), "127.0.0.1");
  await once(socket, "connect");
  socket.on("error", () => undefined).write("GET / HTTP/1.1\r\n");
  await fetch(first.url);
  await first.stop();
  const second = await servePage(folder, configuration, Number(new URL(first.url).port));
  expect(second.url).toBe(first.url);
  await second.stop();
});

test("the deployment's URL is found under the names that Convex's CLI writes", () => {
  const find = (variables: Record<string, string>) => urlIn((name) => variables[name]);
  expect(find({})).toBeUndefined();
  expect(find({ CONVEX_DEPLOYMENT: "dev:happy-animal-123", CONVEX_URL: "" })).toBeUndefined();
  for (const prefix of ["", "PUBLIC_", "NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_"]) {
    expect(find({ [`${prefix}CONVEX_URL`]: DEPLOYMENT })).toBe(DEPLOYMENT);
  }
  const [own, framework] = ["http://127.0.0.1:3210", DEPLOYMENT];
  expect(find({ VITE_CONVEX_URL: framework, CONVEX_SELF_HOSTED_URL: own })).toBe(own);
});

test("each system has its way to open a browser, and none is tried without a screen", () => {
  expect(opener("darwin", {})).toEqual(["open"]);
  expect(opener("win32", {})).toEqual(["rundll32", "url.dll,FileProtocolHandler"]);
  expect(opener("linux", { WSL_DISTRO_NAME: "Debian" })).toEqual(["explorer.exe"]);
  expect(opener("linux", { DISPLAY: ":0" })).toEqual(["xdg-open"]);
  expect(opener("freebsd", { WAYLAND_DISPLAY: "wayland-0" })).toEqual(["xdg-open"]);
  expect(opener("linux", {})).toBeUndefined();
});
