import { anyApi } from "convex/server";
import { expect, test } from "vitest";
import { useBackend } from "../../testing/backend.js";
import { changedFixture } from "../support/fixture.js";

// Handles of functions: who has one may call what it names, an internal function of another
// component too, as long as that is there.

const GIVING = `
  import {
    actionGeneric as action, anyApi, componentsGeneric, createFunctionHandle,
    internalMutationGeneric as internalMutation, mutationGeneric as mutation,
    queryGeneric as query,
  } from "convex/server";
  const { inner } = componentsGeneric();
  const here = anyApi.giving;
  const note = async (ctx, text) => void (await ctx.db.insert("notes", { text }));
  export const noted = internalMutation((ctx, { text, fails }) => {
    return note(ctx, text).then(() => { if (fails) throw new Error("No " + text); });
  });
  export const handle = mutation((ctx, { name }) => createFunctionHandle(here[name]));
  export const handleInAction = action(() => createFunctionHandle(here.noted));
  export const handleOfInner = mutation((ctx, { name }) => createFunctionHandle(inner.taking[name]));
  export const give = mutation((ctx, { to, ...args }) => ctx.runMutation(inner.taking[to], args));
  export const giveInAction = action((ctx, { to, ...args }) => ctx.runAction(inner.taking[to], args));
  export const call = mutation((ctx, { handle, ...args }) => ctx.runMutation(handle, args));
  export const notes = query(async (ctx) => {
    const all = await ctx.db.query("notes").collect();
    return all.map(({ text }) => text);
  });
`;

const TAKING = `
  import {
    actionGeneric as action, internalMutationGeneric as internalMutation,
    mutationGeneric as mutation,
  } from "convex/server";
  export const callInAction = action((ctx, { handle, ...args }) => ctx.runMutation(handle, args));
  export const scheduleInAction = action(async (ctx, { handle, ...args }) => {
    await ctx.scheduler.runAfter(0, handle, args);
  });
  export const call = mutation((ctx, { handle, ...args }) => ctx.runMutation(handle, args));
  export const catchCall = mutation(async (ctx, { handle, ...args }) => {
    try {
      await ctx.runMutation(handle, args);
    } catch (error) {
      return error.message;
    }
  });
  export const schedule = mutation(async (ctx, { handle, ...args }) => {
    await ctx.scheduler.runAfter(0, handle, args);
  });
  export const open = mutation(() => "open");
  export const hidden = internalMutation(() => "hidden");
`;

const backend = useBackend({
  hasOwnClock: true,
  app: () =>
    changedFixture("plain", {
      "convex/giving.ts": GIVING,
      "convex/inner/taking.ts": TAKING,
      "convex/schema.ts": "export { default } from './noSchema.js';",
      "convex/noSchema.ts": `
        import { defineSchema, defineTable } from "convex/server";
        import { v } from "convex/values";
        export default defineSchema({
          rows: defineTable(v.any()), notes: defineTable({ text: v.string() }),
        });
      `,
    }),
});

const giving = anyApi.giving as Record<string, never>;
const mutate = async (name: string, args: object): Promise<unknown> =>
  (await backend.http.mutation(giving[name]!, args as never)) as unknown;
const act = async (name: string, args: object = {}): Promise<unknown> =>
  (await backend.http.action(giving[name]!, args as never)) as unknown;
const handleOf = (name: string) => mutate("handle", { name });

async function notes(): Promise<string[]> {
  await backend.advance(0);
  return await backend.http.query(giving.notes!, {} as never);
}

test("a component calls an internal function of the app by its handle, and schedules it", async () => {
  const handle = await handleOf("noted");
  expect(handle).toMatch(/^function:\/\//);
  expect(await act("handleInAction")).toBe(handle);
  await mutate("give", { to: "call", handle, text: "called" });
  await mutate("give", { to: "schedule", handle, text: "scheduled" });
  expect(await notes()).toEqual(["called", "scheduled"]);
  await act("giveInAction", { to: "callInAction", handle, text: "called by an action" });
  await act("giveInAction", { to: "scheduleInAction", handle, text: "scheduled by one" });
  expect((await notes()).slice(2)).toEqual(["called by an action", "scheduled by one"]);
});

test("what a function that is called by its handle wrote is undone if it throws", async () => {
  const handle = await handleOf("noted");
  const before = await notes();
  const args = { to: "catchCall", handle, text: "undone", fails: true };
  expect(await mutate("give", args)).toContain("No undone");
  expect(await notes()).toEqual(before);
});

test("an app has handles of a component's public functions only", async () => {
  const handle = await mutate("handleOfInner", { name: "open" });
  expect(await mutate("call", { handle })).toBe("open");
  await expect(mutate("handleOfInner", { name: "hidden" })).rejects.toThrow(
    "Could not find public function for 'taking:hidden'",
  );
});

test("there is no handle of what is not there, and one that is gone names nothing", async () => {
  await expect(handleOf("gone")).rejects.toThrow("Function handle not found");
  const handle = String(await handleOf("noted")).replace("noted", "gone");
  for (const to of ["call", "schedule"]) {
    await expect(mutate("give", { to, handle })).rejects.toThrow("Function handle not found");
    const inAction = act("giveInAction", { to: `${to}InAction`, handle });
    await expect(inAction).rejects.toThrow("Function handle not found");
  }
});
