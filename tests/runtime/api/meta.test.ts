import { makeFunctionReference } from "convex/server";
import { expect, inject, test } from "vitest";
import { useBackend } from "../support/backend.js";

const backend = useBackend();

test("the app has the convex that these tests are meant for", async () => {
  const isThere = makeFunctionReference<"query", Record<string, never>, boolean>("meta:isThere");
  expect(await backend.http.query(isThere, {})).toBe(inject("hasMeta"));
});
