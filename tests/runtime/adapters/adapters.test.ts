import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { makeFunctionReference } from "convex/server";
import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import Keyv from "keyv";
import { describe, expect, inject, test } from "vitest";
import { useDeployment } from "../../../dev/backend/testing/backend.js";
import { ownBackend } from "../../../dev/backend/testing/ownBackend.js";
import { testsOf } from "../../adapters/convex/harness.js";
import { keyvSteps, langchainSteps, storageSteps } from "../../adapters/convex/steps.js";
import { makeApp } from "./app.js";

// The adapters of docs/recipes.md. Each test of the suites, and whatever it calls, runs in one
// action.

let app: string;
const backend = useDeployment(() => {
  app = join(inject("scratch"), "adapters");
  makeApp(app, inject("app"));
  return ownBackend(app);
});

let prefixes = 0;
const ownPrefix = () => `p${++prefixes}`;
const act = <T>(name: string, args: Record<string, unknown>) =>
  backend.http.action(makeFunctionReference<"action", typeof args, T>(`adapters:${name}`), args);

const namesOf = (steps: readonly { name: string }[]) => steps.map(({ name }) => name);

const keyvTests = testsOf((registrar) => {
  keyvTestSuite(registrar as never, Keyv, () => ({}));
  keyvIteratorTests(registrar as never, Keyv, () => ({}));
});

describe.for([
  ["@keyv/test-suite", [...keyvTests.keys()]],
  ["keyv 5", namesOf(keyvSteps)],
  ["keyv 6", namesOf(keyvSteps)],
  ["unstorage", namesOf(storageSteps)],
  ["langchain", namesOf(langchainSteps)],
] as const)("%s", ([suite, names]) => {
  test("has tests", () => {
    expect(names.length).toBeGreaterThan(3);
  });

  test.for([...names])("%s", async (name) => {
    await act("run", { suite, test: name, prefix: ownPrefix() });
  });
});

describe("unstorage", () => {
  test("takes a ttl in seconds, and tells it", async () => {
    const [a, b, c] = await act<{ ttl: number | null; hasTime: boolean }[]>("setAndDescribe", {
      prefix: ownPrefix(),
      ttl: 600,
    });
    expect([a!.hasTime, b!.hasTime, c!.hasTime]).toEqual([true, true, true]);
    for (const { ttl } of [a!, b!]) {
      expect(ttl).toBeGreaterThan(5);
      expect(ttl).toBeLessThanOrEqual(600);
    }
    expect(c!.ttl).toBeLessThanOrEqual(5);
    const without = await act<{ ttl: number | null }[]>("setAndDescribe", { prefix: ownPrefix() });
    expect(without.map(({ ttl }) => ttl === null)).toEqual([true, true, false]);
  });
});

test("unstorage's driver finds and clears what is below a base", async () => {
  const keys = ["a", "a:", "a:b", "a:\u{10ffff}", "a;", "ab", "A:b", "b"];
  const found = await act("findAndClear", { prefix: ownPrefix(), keys });
  expect(found).toEqual([
    ["a:", "a:b", "a:\u{10ffff}"],
    ["A:b", "a", "a;", "ab", "b"],
  ]);
});

describe("Better Auth", () => {
  const storage = (prefix = ownPrefix()) => {
    return (method: string, ...args: unknown[]) =>
      act<unknown>("authenticate", { prefix, method, args });
  };

  test("gets what it set, until it is deleted", async () => {
    const call = storage();
    expect(await call("get", "s")).toBeNull();
    await call("set", "s", '{"user":1}');
    expect(await call("get", "s")).toBe('{"user":1}');
    await call("delete", "s");
    expect(await call("get", "s")).toBeNull();
  });

  test("counts a ttl in seconds, from the first increment on", async () => {
    const prefix = ownPrefix();
    const call = storage(prefix);
    await call("set", "s", "x", 600);
    await call("increment", "ip", 600);
    await call("increment", "ip", 6_000);
    for (const key of ["s", "ip"]) {
      const left = await act<number>("ttl", { prefix, key });
      expect(left).toBeGreaterThan(100_000);
      expect(left).toBeLessThanOrEqual(600_000);
    }
    await call("set", "s", "x");
    expect(await act("ttl", { prefix, key: "s" })).toBeNull();
  });

  test("gets and deletes: of many that try at once, one gets it", async () => {
    const call = storage();
    await call("set", "code", "x", 600);
    const got = await Promise.all(Array.from({ length: 8 }, () => call("getAndDelete", "code")));
    expect(got.filter((value) => value !== null)).toEqual(["x"]);
  });

  test("increments: of many at once, each gets another number", async () => {
    const call = storage();
    const got = await Promise.all(Array.from({ length: 8 }, () => call("increment", "ip", 600)));
    expect(got.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

test("their types are those of the libraries", () => {
  const compilerOptions = {
    ...{ noEmit: true, incremental: false, types: [] },
    // better-auth exports all that this does.
    paths: { "better-auth": ["./node_modules/@better-auth/core/dist/db/index.d.mts"] },
  };
  const config = {
    extends: resolve("tsconfig.json"),
    compilerOptions,
    include: ["convex", "types.ts"],
  };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify(config));
  const compiler = join(app, "node_modules/typescript-7/bin/tsc");
  const { stdout, status } = spawnSync(
    process.execPath,
    [compiler, "-p", app, "--pretty", "false"],
    {
      encoding: "utf8",
    },
  );
  expect([stdout, status]).toEqual(["", 0]);
});
