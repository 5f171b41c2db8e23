// An app's code, compiled with many settings of many versions of TypeScript. No import of it is
// relative, since how those are written depends on the settings.
import type { ComponentApi } from "@hamzasaleemorg/convex-kv/_generated/component";
import type { ComponentApi as SameApi } from "@hamzasaleemorg/convex-kv/_generated/component.js";
import {
  isKvError,
  type Key,
  type KeyValueStore,
  kvClientFactory,
  type SetOptions,
} from "@hamzasaleemorg/convex-kv";
import convexKv from "@hamzasaleemorg/convex-kv/convex.config";
import sameConfig from "@hamzasaleemorg/convex-kv/convex.config.js";
import { register } from "@hamzasaleemorg/convex-kv/test";
import { vEntry, vPage } from "@hamzasaleemorg/convex-kv/validators";
import {
  type AnyDataModel,
  type ApiFromModules,
  defineApp,
  type FunctionArgs,
  type FunctionReturnType,
  type GenericMutationCtx,
  type GenericQueryCtx,
  mutationGeneric as mutation,
  queryGeneric as query,
} from "convex/server";
import { v } from "convex/values";
import { convexTest } from "convex-test";

type QueryCtx = GenericQueryCtx<AnyDataModel>;
type MutationCtx = GenericMutationCtx<AnyDataModel>;

declare const components: { convexKv: ComponentApi<"convexKv"> };
export const same: SameApi<"convexKv"> = components.convexKv;

export const app = defineApp();
app.use(convexKv);
app.use(sameConfig, { name: "another" });

register(convexTest());

const kv = kvClientFactory(components.convexKv);

export const users = kv.use<{ name: string }>(["users"]);
export const invites = kv.use(["invites"], v.object({ email: v.string() }));
export const steps = kv.use<number, [userId: string, day: number]>(["steps"]);
export const profiles = users.withPrefix<{ age: number }>(["profiles"]);

// Each option may be given as what may be undefined.
interface Maybe {
  ttl: number | undefined;
  expiresAt: number | undefined;
  flag: boolean | undefined;
  limit: number | undefined;
  cursor: string | undefined;
  key: Key | undefined;
  validate: "both" | undefined;
  expiry: "exact" | undefined;
  onConflict: "skip" | undefined;
}

export async function optional(ctx: MutationCtx, maybe: Maybe) {
  const { ttl, expiresAt, flag, limit, cursor, key } = maybe;
  const set: SetOptions = { ttl, expiresAt, ifAbsent: flag, keepTtl: flag, metadata: undefined };
  const { version } = await users.set(ctx, ["1"], { name: "Ann" }, set);
  await users.setMany(ctx, [{ key: ["1"], value: { name: "Ann" }, ...set }]);
  await users.update(ctx, ["1"], (user) => user ?? { name: "" }, { ttl, keepTtl: flag });
  await steps.increment(ctx, ["ann", 1], limit, { ttl });
  await steps.increment(ctx, ["ann", 1], undefined, undefined);
  await users.atomic().check(["1"], version).set(["2"], { name: "Bob" }, set).commit(ctx);
  await steps.atomic().sum(["ann", 1], 5, { ttl, expiresAt }).commit(ctx);
  await users.expire(ctx, ["1"], { ttl: 5, expiresAt, when: undefined });
  await users.expire(ctx, ["1"], { ttl: undefined, expiresAt: 5 });
  const range = { start: key, end: key, reverse: flag };
  const page = await users.list(ctx, [], { limit, cursor, includeValues: undefined, ...range });
  await users.keys(ctx, [], { limit, cursor, ...range });
  await users.children(ctx, [], { limit, cursor, ...range });
  await users.count(ctx, [], { limit, cursor, ...range });
  await users.first(ctx, [], range);
  await users.paginate(ctx, [], { numItems: 5, cursor: null }, range);
  for await (const entry of users.entries(ctx, [], { batchSize: limit, ...range })) {
    const name: string = entry.value.name;
    void name;
  }
  await users.deleteAll(ctx, [], range);
  await users.move(ctx, ["a"], ["b"], { onConflict: maybe.onConflict });
  const names: string[] = page.entries.map(({ value }) => value.name);
  const { validate, expiry } = maybe;
  return [names, kv.use<string>([], { validator: undefined, validate, expiry }).withPrefix(["a"])];
}

// A helper takes a store of anything.
export async function wipe(ctx: MutationCtx, store: KeyValueStore<unknown>) {
  await store.deleteAll(ctx, []);
}

export async function wipeAll(ctx: MutationCtx) {
  for (const store of [users, invites, profiles]) await wipe(ctx, store);
  await wipe(ctx, steps);
  await wipe(ctx, kv.use<bigint | string>());
  await wipe(ctx, kv.use());
}

export const pageOfUsers = (ctx: QueryCtx) => users.list(ctx, []);

export const find = query({
  args: { id: v.string() },
  returns: v.union(v.null(), vEntry(v.object({ name: v.string() }))),
  handler: (ctx, { id }) => users.getWithMetadata(ctx, [id]),
});

export const list = query({
  args: {},
  returns: vPage(vEntry(v.object({ name: v.string() }))),
  handler: (ctx) => users.list(ctx, []),
});

export const add = mutation({
  args: { name: v.string() },
  handler: async (ctx, { name }) => {
    try {
      await users.set(ctx, [name], { name });
    } catch (error) {
      if (isKvError(error)) return error.data.message;
      throw error;
    }
    return null;
  },
});

export const { get, increment } = steps.clientApi({
  checkRead: () => {},
  checkWrite: (ctx, call) => {
    if (call.method === "increment" && call.by !== 1) throw new Error("One at a time");
  },
  scope: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    return user && [user.subject];
  },
  methods: ["get", "increment"],
});
type Functions = ApiFromModules<{ steps: { get: typeof get; increment: typeof increment } }>;
const day: FunctionArgs<Functions["steps"]["get"]> = { key: [1] };
const steps1: FunctionReturnType<Functions["steps"]["increment"]> = 5;
export const called = [day, steps1];

// What is wrong is an error, so that nothing above is of the type any.
export async function wrong(ctx: QueryCtx & MutationCtx) {
  // @ts-expect-error Its values have a name.
  await users.set(ctx, ["1"], { name: 1 });
  // @ts-expect-error Its keys have two parts.
  await steps.set(ctx, ["ann"], 1);
  // @ts-expect-error A store of texts is none of numbers.
  const texts: KeyValueStore<string> = kv.use<number>();
  // @ts-expect-error Its values are numbers.
  vEntry(v.number()).type.value = "a";
  // @ts-expect-error What is below the scope is days.
  const text: FunctionArgs<Functions["steps"]["get"]> = { key: ["ann"] };
  // @ts-expect-error It returns a number, or null.
  const number: FunctionReturnType<Functions["steps"]["get"]> = "5";
  // @ts-expect-error There is no check of what writes.
  users.clientApi({ checkRead: () => {} });
  // @ts-expect-error There is no such option.
  await users.list(ctx, [], { limits: 5 });
  return [texts, text, number];
}
