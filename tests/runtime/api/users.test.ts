import type { FunctionReference } from "convex/server";
import { beforeEach, describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { dataThrownBy } from "../support/errors.js";

// Stores with validators, stores below them, and what the client is told of a value that does not
// fit.

const backend = useBackend();
beforeEach(async () => {
  for (const id of ["ana", "ben"]) await backend.http.mutation(api.users.signOff, { id });
});

const find = (id: string) => backend.http.query(api.users.find, { id });
const misfit = (path: string, expected: string, got: string) => ({
  code: "invalid_value",
  message: expect.stringContaining(`expected ${expected}, got ${got}`) as string,
  path,
  expected,
  got,
});

function refused<M extends FunctionReference<"mutation">>(mutation: M, args: M["_args"]) {
  // The client's own type has a rest parameter, which a generic function cannot fill.
  return dataThrownBy(backend.http.mutation(mutation, ...([args] as never)));
}

test("each store keeps its own, below its prefix", async () => {
  const { http } = backend;
  await http.mutation(api.users.save, { id: "ana", user: { name: "Ana", age: 30 } });
  await http.mutation(api.users.saveProfile, { id: "ana", text: "Hello" });
  await http.mutation(api.users.saveFriend, { id: "ana", friend: "ben", user: { name: "Ben" } });
  await http.mutation(api.users.saveAnything, { id: "ana", name: "n", value: [1n] });
  await http.mutation(api.users.save, { id: "ben", user: { name: "Ben" } });
  expect(await find("ana")).toMatchObject({
    user: { name: "Ana", age: 30 },
    profile: "Hello",
    friends: [{ key: ["users", "ana", "friends", "ben"], value: { name: "Ben" } }],
    anything: [{ key: ["users", "ana", "anything", "n"], value: [1n] }],
  });
  expect(await find("ben")).toEqual({
    user: { name: "Ben" },
    profile: null,
    friends: [],
    anything: [],
  });
  expect(await http.query(api.users.keys)).toEqual([
    ["users", "ana"],
    ["users", "ana", "anything", "n"],
    ["users", "ana", "friends", "ben"],
    ["users", "ana", "profile"],
    ["users", "ben"],
  ]);
  const signOff = await http.mutation(api.users.signOff, { id: "ana" });
  expect(signOff).toEqual({ deletedCount: 4, hasMore: false });
  expect(await http.query(api.users.keys)).toEqual([["users", "ben"]]);
});

describe("what does not fit is refused with its place, and nothing is written", () => {
  const nobody = { user: null, profile: null, friends: [], anything: [] };

  test.each([
    { user: { name: 7 }, data: misfit("name", "string", "number") },
    { user: {}, data: misfit("name", "string", "nothing") },
    { user: { name: "Ana", age: "30" }, data: misfit("age", "number", "string") },
    { user: { name: "Ana", mail: "a@b" }, data: misfit("mail", "nothing", "string") },
    { user: null, data: misfit("", "object", "null") },
  ])("$user", async ({ user, data }) => {
    expect(await refused(api.users.save, { id: "ana", user })).toEqual(data);
    expect(await find("ana")).toEqual(nobody);
  });

  test("by a store below with a validator of its own", async () => {
    const data = await refused(api.users.saveProfile, { id: "ana", text: { name: "Ana" } });
    expect(data).toEqual(misfit("", "string", "object"));
    expect(await find("ana")).toEqual(nobody);
  });

  test("by a store below without, which keeps its parent's", async () => {
    const args = { id: "ana", friend: "ben", user: { name: null } };
    expect(await refused(api.users.saveFriend, args)).toEqual(misfit("name", "string", "null"));
    expect(await find("ana")).toEqual(nobody);
  });
});
