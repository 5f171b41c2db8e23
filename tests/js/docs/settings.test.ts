import { makeFunctionReference } from "convex/server";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startBackend } from "../support/backend.js";
import { kvErrorOf } from "../support/errors.js";
import { appFilesOf, problemsOf, withApp } from "./appFiles.js";

// The settings of docs/recipes.md, from the store to the page.

const files = appFilesOf("docs/recipes.md", "Settings on a page");

/** What the app's `_generated/api` is. */
const API = `
import type { ComponentApi } from "@hamzasaleemorg/convex-kv";
import { anyApi, componentsGeneric, type ApiFromModules } from "convex/server";
import type * as settings from "../settings";

export const api = anyApi as unknown as ApiFromModules<{ settings: typeof settings }>;
export const components = componentsGeneric() as unknown as { convexKv: ComponentApi };
`;

test("its files compile, and not with a function that the store has not", async () => {
  expect([...files.keys()]).toEqual(["convex/settings.ts", "src/Settings.tsx"]);
  expect(await problemsOf(files, API)).toBe("");
  const store = files.get("convex/settings.ts")!.replace("get, list, set", "get, list");
  expect(await problemsOf(new Map([...files, ["convex/settings.ts", store]]), API)).toMatch(
    /^src\/Settings\.tsx\(.*error TS/m,
  );
});

test("everybody has their own, and nobody others'", async () => {
  await withApp(files, API, async (folder) => {
    const load = () => import(join(folder, "convex/settings.ts")) as Promise<unknown>;
    const { t } = startBackend({ modules: { "/convex/settings.ts": load } });
    const get = makeFunctionReference<"query">("settings:get");
    const list = makeFunctionReference<"query">("settings:list");
    const set = makeFunctionReference<"mutation">("settings:set");
    const remove = makeFunctionReference<"mutation">("settings:remove");
    const [ana, bob] = ["ana", "bob"].map((subject) => t.withIdentity({ subject }));
    const key = ["theme"];
    const first = { paginationOpts: { numItems: 10, cursor: null } };
    const listOf = async (caller: typeof ana) =>
      ((await caller!.query(list, first)) as { page: object[] }).page;

    await ana!.mutation(set, { key, value: "dark" });
    expect(await ana!.query(get, { key })).toBe("dark");
    expect(await bob!.query(get, { key })).toBeNull();
    await bob!.mutation(set, { key, value: "light" });
    expect(await listOf(ana)).toMatchObject([{ key, value: "dark" }]);
    expect(await listOf(bob)).toMatchObject([{ key, value: "light" }]);
    expect(await bob!.mutation(remove, { key })).toBe(true);
    expect(await listOf(ana)).toHaveLength(1);
    await kvErrorOf(t.query(get, { key }), "forbidden");
    await kvErrorOf(t.mutation(set, { key, value: "dark" }), "forbidden");
  });
});
