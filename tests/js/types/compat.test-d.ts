// Compiled, never run: code written for version 1 of the package goes on compiling as it is.
import {
  type ComponentApi,
  KeyValueStore,
  kvClientFactory,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import type * as published from "convex-kv-published";
import convexKv from "@hamzasaleemorg/convex-kv/convex.config";
import convexKvJs from "@hamzasaleemorg/convex-kv/convex.config.js";
import type { ComponentApi as Generated } from "@hamzasaleemorg/convex-kv/_generated/component.js";
import { register } from "@hamzasaleemorg/convex-kv/test";
import { convexTest } from "convex-test";
import { defineApp, defineSchema, mutationGeneric as mutation } from "convex/server";
import { v, type Validator } from "convex/values";
import { expectTypeOf } from "vitest";

// As an app's generated code declares it.
declare const components: { convexKv: ComponentApi<"convexKv"> };
expectTypeOf<Generated>().toEqualTypeOf<ComponentApi>();

const app = defineApp();
app.use(convexKv);
app.use(convexKvJs, { name: "another" });

const kv = kvClientFactory(components.convexKv);

// Keys were arrays of strings.
const path: string[] = ["users", "123"];
const prefix: string[] = ["users"];

// Without a type, values are whatever the caller takes them for.
const untyped = kv.use(prefix);

export const untypedCode = mutation({
  handler: async (ctx) => {
    await untyped.set(ctx, path, { name: "Alice" });
    const user = await untyped.get(ctx, path);
    const name: string = user.name;
    for (const entry of await untyped.getAll(ctx, [])) {
      const key: unknown[] = entry.key;
      await untyped.delete(ctx, entry.key.slice(1));
      console.log(key, entry.value.name, entry.metadata?.source);
    }
    return name;
  },
});

export const typedCode = mutation({
  args: { id: v.string() },
  handler: async (ctx, { id }) => {
    const store = kv.use<{ name: string }>(["users"], v.object({ name: v.string() }));
    await store.set(ctx, [id], { name: "Alice" }, { ttl: 3600000, metadata: { source: "test" } });
    const found = await store.getWithMetadata(ctx, [id]);
    if (found) console.log(found.value.name, found.metadata, found.updatedAt, found.expiresAt);
    const profile = store.withPrefix<{ bio: string }>([id, "profile"]);
    await profile.set(ctx, [], { bio: "" });

    let cursor: string | null = null;
    for (;;) {
      const page: Awaited<ReturnType<typeof store.list>> = await store.list(ctx, [], {
        limit: 10,
        cursor: cursor ?? undefined,
        includeValues: true,
      });
      if (page.isDone) break;
      cursor = page.continueCursor;
    }
    const { deletedCount, hasMore } = await store.deleteAll(ctx, []);
    return hasMore ? deletedCount : 0;
  },
});

// The class itself, with a validator and metadata for every entry.
const direct = new KeyValueStore(components.convexKv, ["a"], {
  validator: v.object({ n: v.number() }),
  metadata: { source: "direct" },
});
expectTypeOf(direct).toEqualTypeOf<KeyValueStore<{ n: number }>>();
expectTypeOf(new KeyValueStore(components.convexKv, ["a"])).toExtend<KeyValueStore>();
expectTypeOf(new KeyValueStore(components.convexKv)).toExtend<KeyValueStore>();

// A typed store is accepted as any store.
const stores: KeyValueStore[] = [direct, untyped, kv.use<string>(["b"])];
void stores;

register(convexTest(defineSchema({})));
register(convexTest(), "another");

// --- All that version 1 exported is there.

const exported: Record<keyof typeof published, unknown> = { KeyValueStore, kvClientFactory };
void exported;
expectTypeOf<published.RunQuery>().toExtend<RunQuery>();
expectTypeOf<published.RunMutation>().toExtend<RunMutation>();

// --- Every method with every option, type argument and positional validator.

type User = { name: string };
const user = v.object({ name: v.string() });
declare const ctx: published.RunQuery & published.RunMutation;
declare const maybe: Validator<User, "required", string> | undefined;

const users = kv.use<User>(["users"], user);
expectTypeOf(users).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use<User>()).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use<User>(prefix, maybe)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use<User>(undefined, undefined)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use<any>(prefix)).toEqualTypeOf<KeyValueStore>(); // eslint-disable-line @typescript-eslint/no-explicit-any
expectTypeOf(users.withPrefix<number>(path, v.number())).toEqualTypeOf<KeyValueStore<number>>();
expectTypeOf(users.withPrefix<string[]>(path)).toEqualTypeOf<KeyValueStore<string[]>>();
expectTypeOf(users.withPrefix<User>(path, maybe)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(users.withPrefix(path, undefined)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(users.subStore<number>(path, v.number())).toEqualTypeOf<KeyValueStore<number>>();
expectTypeOf(users.subStore(path)).toEqualTypeOf<KeyValueStore<User>>();

export async function everyMethod(): Promise<User | null> {
  await users.set(ctx, path, { name: "" });
  await users.set(ctx, path, { name: "" }, {});
  await users.set(ctx, path, { name: "" }, { metadata: 1, ttl: undefined, expiresAt: 5 });
  await users.delete(ctx, path);
  const has: boolean = await users.has(ctx, path);
  const entry: {
    key: unknown[];
    value: User;
    metadata?: unknown;
    updatedAt: number;
    expiresAt?: number;
  } | null = await users.getWithMetadata(ctx, path);
  const page = await users.list(ctx, prefix, { limit: 5, cursor: "c", includeValues: false });
  const all = await users.getAll(ctx, prefix, { includeValues: true });
  const { deletedCount, hasMore } = await users.deleteAll(ctx, prefix);
  console.log(has, entry, page.entries.length, all.length, deletedCount, hasMore);
  return await users.get(ctx, path);
}

// --- Stores and clients in types, arguments and classes.

type Client = ReturnType<typeof kvClientFactory>;
type Store = ReturnType<Client["use"]>;
type Use = typeof kv.use;
const make: Use = kv.use;
const made: Store = make(prefix);
const client: Client = kv;
const makeUsers = (client: Client): KeyValueStore<User> => client.use<User>(["users"], user);
const anyStore = (store: KeyValueStore) => store.withPrefix(["a"]);
const generic = <T>(store: KeyValueStore<T>, value: T) => store.set(ctx, path, value);
class Cache<T> {
  private readonly store: KeyValueStore<T>;
  constructor(client: Client, name: string, validator?: Validator<T, "required", string>) {
    this.store = client.use<T>(["cache", name], validator);
  }
  get = (key: string) => this.store.get(ctx, [key]);
  below = (name: string): KeyValueStore<T> => this.store.withPrefix<T>([name]);
}
class Users extends KeyValueStore<User> {
  constructor(component: ComponentApi) {
    super(component, ["users"], { validator: user, metadata: { source: "users" } });
  }
  override async get(ctx: RunQuery, key: string[]): Promise<User | null> {
    return (await super.get(ctx, key)) ?? { name: "nobody" };
  }
  async rename(ctx: RunMutation, id: string, name: string): Promise<void> {
    await this.set(ctx, [id], { name });
  }
}
void [made, anyStore(makeUsers(client)), anyStore(new Users(components.convexKv))];
void [generic(users, { name: "" }), new Cache<User>(kv, "users", user)];
