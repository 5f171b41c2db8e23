import { networkInterfaces } from "node:os";
import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { useBackend } from "../../testing/backend.js";
import { fixture } from "../support/fixture.js";

// Requests that no client of Convex's sends: each gets its error, and the others go on.

const backend = useBackend({ app: () => fixture("plain") });

interface Answer {
  status: number;
  body: Record<string, unknown>;
}

async function post(path: string, body: unknown, authorization?: string): Promise<Answer> {
  const response = await fetch(backend.url + path, {
    method: "POST",
    headers: authorization === undefined ? {} : { Authorization: authorization },
    body:
      typeof body === "string" || body instanceof Uint8Array
        ? (body as BodyInit)
        : JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer["body"] };
}

const admin = () => `Convex ${backend.adminKey}`;
const hello = { path: "rows:hello", args: [{}], format: "json" };

afterEach(async () => {
  expect(await post("/api/query", hello)).toEqual({
    status: 200,
    body: { status: "success", value: "hello", logLines: [] },
  });
});

describe("calls", () => {
  test.each([
    [
      "an unknown function",
      "query",
      { path: "rows:nothing" },
      /find public function for 'rows:nothing'/,
    ],
    ["an unknown module", "query", { path: "nothing" }, /find public function for 'nothing'/],
    [
      "a name like an object's own",
      "query",
      { path: "__proto__:constructor" },
      /find public function/,
    ],
    [
      "an internal function",
      "query",
      { path: "rows:hidden" },
      /find public function for 'rows:hidden'/,
    ],
    [
      "a query as a mutation",
      "mutation",
      { path: "rows:list", args: { client: 1 } },
      /Trying to execute rows:list as Mutation, but it is defined as Query/,
    ],
    [
      "a mutation as a query",
      "query",
      { path: "rows:add", args: { client: 1 } },
      /Trying to execute rows:add as Query, but it is defined as Mutation/,
    ],
    [
      "a query as an action",
      "action",
      { path: "rows:list", args: { client: 1 } },
      /as Action, but it is defined as Query/,
    ],
    [
      "arguments of the wrong type",
      "query",
      { path: "rows:list", args: { client: "1" } },
      /ArgumentValidationError.*Expected `number`/,
    ],
    [
      "an argument that is missing",
      "query",
      { path: "rows:list" },
      /ArgumentValidationError.*`client`/,
    ],
    [
      "an argument too many",
      "query",
      { path: "rows:list", args: { client: 1, more: 1 } },
      /ArgumentValidationError.*`more`/,
    ],
    ["arguments that are text", "query", { path: "rows:list", args: "text" }, /arg/i],
    ["arguments that are a list of lists", "query", { path: "rows:list", args: [[]] }, /arg/i],
    [
      "a value that is none of Convex's",
      "query",
      { path: "rows:list", args: { client: { $float: 7 } } },
      /float/i,
    ],
    [
      "a function of a component",
      "query",
      { path: "words:hello", componentPath: "inner" },
      /Only an admin/,
    ],
    ["a system function", "query", { path: "_system/cli/tables" }, /Only an admin/],
  ])("%s: the function's error", async (_, type, call, message) => {
    const { status, body } = await post(`/api/${type}`, { format: "json", ...call });
    expect(status).toBe(560);
    expect(body).toMatchObject({ status: "error", errorMessage: expect.stringMatching(message) });
  });

  test.each([
    ["no JSON", "{", "BadJsonBody"],
    ["null", "null", "BadJsonBody"],
    ["a list", "[]", "BadJsonBody"],
    ["nothing", "", "BadJsonBody"],
    ["no path", { args: {} }, "BadJsonBody"],
    ["a path that is no text", { path: 7 }, "BadJsonBody"],
    ["bytes that are no text", new Uint8Array([0xff, 0xfe, 0]), "BadJsonBody"],
  ])("a body that is %s: 400", async (_, body, code) => {
    for (const type of ["query", "mutation", "action", "function"]) {
      expect(await post(`/api/${type}`, body)).toMatchObject({ status: 400, body: { code } });
    }
  });

  test("an admin calls a component's functions, and hidden ones", async () => {
    const words = { path: "words:hello", componentPath: "inner", args: {} };
    expect(await post("/api/query", words, admin())).toMatchObject({ body: { value: "hello" } });
    const hidden = { path: "rows:hidden", args: {} };
    expect(await post("/api/query", hidden, admin())).toMatchObject({ body: { value: "hidden" } });
    const nowhere = { ...words, componentPath: "nowhere" };
    expect(await post("/api/query", nowhere, admin())).toMatchObject({ status: 560 });
  });
});

describe("keys", () => {
  test.each(["Convex wrong", "Bearer token", "", "Convex "])("%j is none: 401", async (key) => {
    const answer = await post("/api/query", hello, key);
    expect(answer).toMatchObject({ status: 401, body: { code: "Unauthenticated" } });
  });

  test.each([
    "get_config_hashes",
    "deploy2/start_push",
    "deploy2/evaluate_push",
    "deploy2/evaluate_schema",
    "deploy2/wait_for_schema",
    "deploy2/finish_push",
    "deploy2/report_push_completed",
  ])("a push needs one: %s", async (call) => {
    const body = { code: "MissingAdminKey" };
    expect(await post(`/api/${call}`, {})).toMatchObject({ status: 401, body });
    for (const wrong of ["wrong", "", 7, null]) {
      const answer = await post(`/api/${call}`, { adminKey: wrong });
      expect(answer.status).toBeOneOf([401, 403]);
    }
    expect(await post(`/api/${call}`, {}, "Convex wrong")).toMatchObject({ status: 403 });
  });

  test("a push with the key and nothing else is refused", async () => {
    expect(await post("/api/deploy2/start_push", {}, admin())).toMatchObject({
      status: 400,
      body: { code: "BadRequest" },
    });
    const unknown = { startPush: { pushId: "unknown" } };
    expect(await post("/api/deploy2/finish_push", unknown, admin())).toMatchObject({
      status: 400,
      body: { code: "RaceDetected" },
    });
  });
});

describe("requests", () => {
  test.each(["/", "/api/nothing", "/api/query/", "/dev/nothing", "/api/1.48.0/sync", "//", "/%00"])(
    "there is no %s: 404",
    async (path) => {
      expect(await post(path, {})).toMatchObject({ status: 404, body: { code: "NotFound" } });
    },
  );

  test("a body over the limit: 413", async () => {
    const body = new Uint8Array((20 << 20) + 1);
    expect(await post("/api/query", body)).toMatchObject({ status: 413 });
  });

  test("a request that is given up half way disturbs nobody", async () => {
    await new Promise<void>((resolve) => {
      const half = request(`${backend.url}/api/query`, {
        method: "POST",
        headers: { "Content-Length": 1_000 },
      });
      half.on("error", () => resolve());
      half.write("{", () => half.destroy());
      half.on("close", () => resolve());
    });
  });

  test.each([["not a number"], ["-1"], ["Infinity"]])(
    "the clock is not moved by %j",
    async (ms) => {
      expect((await post("/dev/advance", ms)).status).toBe(400);
    },
  );
});

test("a reset empties the tables, and leaves the functions", async () => {
  const append = { path: "rows:append", args: [{ client: 7, n: 1 }], format: "json" };
  const list = { path: "rows:list", args: [{ client: 7 }], format: "json" };
  await post("/api/mutation", append);
  expect(await post("/api/query", list)).toMatchObject({ body: { value: [1] } });
  expect((await post("/dev/reset", "")).status).toBe(200);
  expect(await post("/api/query", list)).toMatchObject({ body: { value: [] } });
  await post("/api/mutation", append);
  expect(await post("/api/query", list)).toMatchObject({ body: { value: [1] } });
});

test("with limits, transactions meet these until the next reset", async () => {
  const append = (n: number) =>
    post("/api/mutation", { path: "rows:append", args: [{ client: 7, n }], format: "json" });
  const list = { path: "rows:list", args: [{ client: 7 }], format: "json" };
  expect((await post("/dev/reset", '{"documentsRead": 1}')).status).toBe(200);
  await append(1);
  expect(await post("/api/query", list)).toMatchObject({ body: { value: [1] } });
  await append(2);
  expect(await post("/api/query", list)).toMatchObject({ body: { status: "error" } });
  expect((await post("/dev/reset", "not JSON")).status).toBe(400);
  await post("/dev/reset", "");
  await append(1);
  await append(2);
  expect(await post("/api/query", list)).toMatchObject({ body: { value: [1, 2] } });
});

const elsewhere = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .filter(({ internal, family }) => !internal && family === "IPv4");

test.runIf(elsewhere.length > 0)("nobody is served at the machine's other addresses", async () => {
  const { port } = new URL(backend.url);
  for (const { address } of elsewhere) {
    await expect(fetch(`http://${address}:${port}/dev/calls`)).rejects.toMatchObject({
      cause: { code: "ECONNREFUSED" },
    });
  }
});
