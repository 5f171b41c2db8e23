// Which deployment the program works on, and what it says if that does not work out.
import { mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { backendVariables, useBackend } from "./support/backend.js";
import { emptyFolder, json, output, run } from "./support/program.js";

useBackend();

interface Asked {
  path: string | undefined;
  bearer: string | undefined;
  body: unknown;
}

/** What the cloud was asked, and what it answers: a status, and JSON. */
let asked: Asked[] = [];
let answer: (path: string) => [status: number, body: unknown];

const cloud = createServer((request, response) => {
  void text(request).then((body) => {
    const path = request.url!;
    asked.push({ path, bearer: request.headers.authorization, body: JSON.parse(body) });
    const [status, json] = answer(path);
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(json));
  });
});
let host: string;

beforeAll(async () => {
  cloud.listen(0, "127.0.0.1");
  await once(cloud, "listening");
  host = `http://127.0.0.1:${(cloud.address() as AddressInfo).port}`;
  await output(["set", "here", "1"]);
});
afterAll(() => void cloud.close());

/** A folder with such files in it. */
function folderWith(files: Record<string, string>): string {
  const folder = emptyFolder();
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, ".."), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const lines = (variables: Record<string, string>) =>
  Object.entries(variables)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");

const found = { code: 0, stdout: "1\n", stderr: "" };

test("options, the environment, .env.local and .env name it, in this order", async () => {
  const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key } = backendVariables();
  const wrong = { CONVEX_SELF_HOSTED_URL: "http://127.0.0.1:9", CONVEX_SELF_HOSTED_ADMIN_KEY: "x" };
  const right = lines(backendVariables());
  const get = (options: string[], env: Record<string, string>, files: Record<string, string>) =>
    run(["get", "here", ...options], { env, cwd: folderWith(files) });
  const options = ["--url", `${url}/`, "--admin-key", key];
  expect(await get(options, wrong, {})).toEqual(found);
  expect(await get(["--url", url], { CONVEX_DEPLOY_KEY: key }, {})).toEqual(found);
  expect(await get([], backendVariables(), { ".env.local": lines(wrong) })).toEqual(found);
  expect(
    await get([], {}, { ".env.local": `# a comment\n${right}`, ".env": lines(wrong) }),
  ).toEqual(found);
  expect(await get([], {}, { ".env": right })).toEqual(found);
  // A key that does not say which deployment it is for.
  expect(await get([], { CONVEX_DEPLOY_KEY: key, CONVEX_URL: url }, {})).toEqual(found);
});

test("a deploy key's deployment is asked for", async () => {
  asked = [];
  answer = () => [200, backendVariables().CONVEX_SELF_HOSTED_URL];
  const key = "prod:happy-animal-123|secret";
  const { code, stderr } = await run(["get", "here"], {
    env: { CONVEX_DEPLOY_KEY: key, CONVEX_PROVISION_HOST: host, CONVEX_URL: "http://127.0.0.1:9" },
  });
  expect(asked).toEqual([
    { path: "/api/deployment/url_for_key", bearer: `Bearer ${key}`, body: { deployKey: key } },
  ]);
  // The backend has another key.
  expect([code, stderr]).toEqual([1, expect.stringContaining("refused the key")]);
  expect(stderr).not.toContain("secret");
});

test("who has logged in needs no key", async () => {
  const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey } =
    backendVariables();
  const HOME = folderWith({ ".convex/config.json": '{"accessToken":"mine"}' });
  const cwd = folderWith({
    ".env.local": "CONVEX_DEPLOYMENT=dev:happy-animal-123 # team: us, project: ours\n",
  });
  const env = { HOME, CONVEX_PROVISION_HOST: host };
  answer = () => [
    200,
    { url, adminKey, deploymentName: "happy-animal-123", deploymentType: "dev" },
  ];
  asked = [];
  expect(await run(["get", "here"], { env, cwd })).toEqual(found);
  expect(await run(["get", "here", "--deployment-name", "other-1"], { env, cwd })).toEqual(found);
  expect(await run(["get", "here", "--prod"], { env, cwd })).toEqual(found);
  const project = {
    kind: "deploymentName",
    deploymentName: "happy-animal-123",
    deploymentType: "dev",
  };
  expect(asked.map(({ path, body }) => [path, body])).toEqual([
    [
      "/api/deployment/authorize_within_current_project",
      { selectedDeploymentName: "happy-animal-123", projectSelection: project },
    ],
    [
      "/api/deployment/authorize_within_current_project",
      { selectedDeploymentName: "other-1", projectSelection: project },
    ],
    ["/api/deployment/authorize_prod", { deploymentName: "happy-animal-123" }],
  ]);
  expect(asked[0]!.bearer).toBe("Bearer mine");

  const asks = await run(["rm", "-r", "here"], { env, cwd });
  expect(asks.stderr).toContain("in convexKv of dev:happy-animal-123?");
  answer = () => [401, { code: "AccessTokenInvalid", message: "Log in again." }];
  const refused = await run(["get", "here"], { env, cwd });
  expect([refused.code, refused.stderr]).toEqual([1, `${host} refused it (401): Log in again.\n`]);
  const stranger = await run(["get", "here"], { env: { CONVEX_PROVISION_HOST: host }, cwd });
  expect([stranger.code, stranger.stderr]).toEqual([
    2,
    expect.stringContaining("npx convex login"),
  ]);
});

test("a deployment on this machine has its key in a file", async () => {
  const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: adminKey } =
    backendVariables();
  const config = (deploymentName?: string) =>
    JSON.stringify({ ports: { cloud: Number(new URL(url).port) }, adminKey, deploymentName });
  const env = { CONVEX_DEPLOYMENT: "anonymous:anonymous-app" };
  const local = ".convex/local/default/config.json";
  const cwd = folderWith({ [local]: config("anonymous-app") });
  expect(await run(["get", "here"], { env, cwd })).toEqual(found);
  const legacy = ".convex/convex-backend-state/local-us-ours/config.json";
  const HOME = folderWith({ [legacy]: config() });
  const other = folderWith({ [local]: config("local-us-other") });
  expect(
    await run(["get", "here"], {
      env: { HOME, CONVEX_DEPLOYMENT: "local:local-us-ours" },
      cwd: other,
    }),
  ).toEqual(found);
  const missing = await run(["get", "here"], { env, cwd: other });
  expect([missing.code, missing.stderr]).toEqual([2, expect.stringContaining("npx convex dev")]);
});

test.each<[string, Record<string, string>, string[], RegExp]>([
  ["nothing", {}, [], /^Which deployment\?.*CONVEX_DEPLOY_KEY=…/s],
  ["a URL alone", {}, ["--url", "https://x.convex.cloud"], /^--url needs a key/],
  ["a key alone", {}, ["--admin-key", "secret|key"], /does not say which deployment/],
  ["a project's key", { CONVEX_DEPLOY_KEY: "preview:us:ours|secret" }, [], /for a whole project/],
  ["no URL", { CONVEX_DEPLOY_KEY: "secret" }, ["--url", "nowhere"], /"nowhere" is no URL/],
])("%s names no deployment: exit code 2", async (_, env, options, message) => {
  const { code, stdout, stderr } = await run(["ls", ...options], { env });
  expect([code, stdout, stderr]).toEqual([2, "", expect.stringMatching(message)]);
  expect(stderr).not.toContain("secret");
});

test("a wrong key is refused, and printed nowhere", async () => {
  const env = { ...backendVariables(), CONVEX_SELF_HOSTED_ADMIN_KEY: "wrong|secret" };
  const { code, stdout, stderr } = await run(["ls"], { env });
  expect([code, stdout, stderr]).toEqual([1, "", expect.stringContaining("refused the key")]);
  answer = () => [400, { message: "Bad key wrong|secret" }];
  const { stderr: echoed } = await run(["ls"], { env: { ...env, CONVEX_SELF_HOSTED_URL: host } });
  expect(echoed).toBe(`${host} answered with status 400: Bad key <the key>\n`);
});

test("what is no deployment, or nothing at all, is told", async () => {
  answer = () => [404, { message: "Nothing here" }];
  const elsewhere = await run(["ls"], {
    env: { ...backendVariables(), CONVEX_SELF_HOSTED_URL: host },
  });
  expect(elsewhere).toMatchObject({
    code: 1,
    stderr: `${host} is no deployment of Convex: Nothing here\n`,
  });
  const free = createServer().listen(0, "127.0.0.1");
  await once(free, "listening");
  const url = `http://127.0.0.1:${(free.address() as AddressInfo).port}`;
  free.close();
  expect(await run(["ls", "--url", url])).toMatchObject({
    code: 1,
    stderr: `${url} could not be reached: ECONNREFUSED.\n`,
  });
});

test("a read that gets no answer is made again, and so is an import's write", async () => {
  // Between the program and the backend: some calls fail on their way.
  let calls = 0;
  let fails = (call: number) => call % 2 === 0;
  const proxy = createServer((request, response) => {
    void text(request).then(async (body) => {
      if (fails(++calls)) return response.writeHead(503).end("overloaded");
      const { authorization = "" } = request.headers;
      const headers = { "Content-Type": "application/json", authorization };
      const url = `${backendVariables().CONVEX_SELF_HOSTED_URL}${request.url}`;
      const reply = await fetch(url, { method: "POST", headers, body });
      return response.writeHead(reply.status).end(await reply.text());
    });
  });
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const env = { ...backendVariables(), CONVEX_SELF_HOSTED_URL: url };
  const input = Array.from({ length: 1_200 }, (_, i) => `{"key":["retried",${i}],"value":1}\n`);
  expect(await json(["import"], { input: input.join(""), env })).toMatchObject([
    { imported: 1_200 },
  ]);
  calls = 0;
  expect(await output(["export", "retried"], { env })).toBe(input.join(""));
  expect(calls).toBeGreaterThan(2);
  // Any other write may have been carried out.
  fails = () => true;
  calls = 0;
  const { code, stderr } = await run(["set", "retried", "1"], { env });
  expect([code, stderr]).toEqual([1, `${url} answered with status 503: overloaded\n`]);
  expect(calls).toBe(1);
  proxy.close();
});
