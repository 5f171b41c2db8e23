import { makeFunctionReference } from "convex/server";
import { expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { ownPrefix } from "../support/store.js";

// Every file of the component's functions, each from the bundle that the CLI made of it.

const backend = useBackend();
const write = makeFunctionReference<"mutation">("trees:write");
const change = makeFunctionReference<"mutation">("trees:change");
const read = makeFunctionReference<"query">("trees:read");

test("many entries, moves and copies, and what scans say of them", async () => {
  const store = ownPrefix();
  expect(await backend.http.mutation(write, { store })).toEqual({
    taken: false,
    moved: { movedCount: 2, skippedCount: 0, hasMore: false },
    copied: { copiedCount: 2, skippedCount: 0, hasMore: false },
    none: { deletedCount: 0, hasMore: false },
  });
  const all = ["y/a", "y/b", "z/a", "z/b"];
  const page = (await backend.http.query(read, { store })) as { continueCursor: string };
  expect(page).toMatchObject({
    seen: all,
    first: "v",
    last: "b",
    count: 4,
    children: ["z", "y"].map((part) => ({ part, hasEntry: false, hasChildren: true })),
    page: all.slice(0, 2),
  });
  const next: unknown = await backend.http.query(read, { store, cursor: page.continueCursor });
  expect(next).toMatchObject({ page: all.slice(2) });
});

test("sums, commits and expiry by hand", async () => {
  expect(await backend.http.mutation(change, { store: ownPrefix() })).toEqual({
    sum: 2,
    doubled: 4,
    stale: false,
    fresh: true,
    expiry: { later: false, persisted: true, ttl: null },
    values: [1, 9, null],
  });
});
