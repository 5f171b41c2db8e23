// Compiled, never run: code written for version 1 of the package goes on compiling as it is.
import { type ComponentApi, KeyValueStore, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import convexKv from "@hamzasaleemorg/convex-kv/convex.config";
import convexKvJs from "@hamzasaleemorg/convex-kv/convex.config.js";
import type { ComponentApi as Generated } from "@hamzasaleemorg/convex-kv/_generated/component.js";
import { register } from "@hamzasaleemorg/convex-kv/test";
import { convexTest } from "convex-test";
import { defineApp, defineSchema, mutationGeneric as mutation } from "convex/server";
import { v } from "convex/values";
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

// A store with a type passes where any store is wanted.
const stores: KeyValueStore[] = [direct, untyped, kv.use<string>(["b"])];
void stores;

register(convexTest(defineSchema({})));
register(convexTest(), "another");
