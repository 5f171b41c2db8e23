import { makeFunctionReference } from "convex/server";
import { expect, inject, test } from "vitest";
import { TestBackend } from "../support/backend.js";

test("the app has the convex that these tests are meant for", async () => {
  const isThere = makeFunctionReference<"query", Record<string, never>, boolean>("meta:isThere");
  expect(await TestBackend.shared().http.query(isThere, {})).toBe(inject("hasMeta"));
});
