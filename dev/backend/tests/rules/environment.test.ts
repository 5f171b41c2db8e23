import { makeFunctionReference } from "convex/server";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, expect, test } from "vitest";
import { cliEnvironment, cliPath, setEnvironment } from "../../client.mjs";
import { useBackend } from "../../testing/backend.js";
import { changedFixture } from "../support/fixture.js";

// Environment variables, set by the official CLI.

const NAME = "GREETING_OF_TESTS";

const read = `import { queryGeneric as query, componentsGeneric } from "convex/server";
export const greeting = query(() => process.env.${NAME} ?? null);
export const all = query(() => Object.keys(process.env));
`;
const through = `export const inner = query((ctx) =>
  ctx.runQuery(componentsGeneric().inner.variables.greeting, {}));
`;

let app: string | undefined;
const backend = useBackend({
  app: () =>
    (app ??= changedFixture("plain", {
      "convex/variables.ts": read + through,
      "convex/inner/variables.ts": read,
    })),
});

// The backend is other files' too.
afterAll(() => setEnvironment(backend, { [NAME]: null }));

const ask = (name: string) =>
  backend.http.query(makeFunctionReference<"query">(`variables:${name}`), {});

async function env(...args: string[]): Promise<string> {
  const options = { cwd: app!, env: { ...process.env, ...cliEnvironment(backend) } };
  const call = promisify(execFile)(process.execPath, [cliPath(), "env", ...args], options);
  call.child.stdin!.end();
  return (await call).stdout.trim();
}

test("a variable is there for the app as soon as the CLI has set it, and not for components", async () => {
  expect(await ask("greeting")).toBeNull();
  const seen: unknown[] = [];
  backend
    .live()
    .onUpdate(makeFunctionReference<"query">("variables:greeting"), {}, (it) => seen.push(it));
  await expect.poll(() => seen).toEqual([null]);
  await env("set", NAME, "good morning");
  expect(await ask("greeting")).toBe("good morning");
  expect(await ask("inner")).toBeNull();
  expect(await ask("all")).toEqual([NAME]);
  // Whoever has read it is told.
  await expect.poll(() => seen).toEqual([null, "good morning"]);
  expect(await env("get", NAME)).toBe("good morning");
  expect(await env("list")).toContain(`${NAME}=good morning`);
  await env("remove", NAME);
  expect(await ask("greeting")).toBeNull();
  expect(await ask("all")).toEqual([]);
});

test("none but an admin sets variables, and none that is no variable", async () => {
  const update = async (body: string, authorization?: string) => {
    const { status } = await fetch(`${backend.url}/api/update_environment_variables`, {
      method: "POST",
      headers: authorization === undefined ? {} : { Authorization: authorization },
      body,
    });
    return status;
  };
  const changes = (...changes: unknown[]) => JSON.stringify({ changes });
  const good = { name: NAME, value: "set" };
  const admin = `Convex ${backend.adminKey}`;
  expect(await update(changes(good))).toBe(403);
  expect(await update(changes(good), "Convex another")).toBe(403);
  const bad = ["not JSON", "null", "{}", changes(good, null), changes(good, { name: "A" })];
  for (const name of ["", "1A", "A B", "A".repeat(41), 7]) {
    bad.push(changes(good, { name, value: "set" }));
  }
  bad.push(changes(good, { name: "A", value: 7 }));
  for (const body of bad) expect(await update(body, admin), body).toBe(400);
  expect(await ask("all")).toEqual([]);
  expect(await update(changes(good), admin)).toBe(200);
  expect(await ask("greeting")).toBe("set");
});
