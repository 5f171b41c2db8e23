// Compiled, never run: whose contexts the methods take.
import { type ComponentApi, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import {
  actionGeneric,
  type ActionBuilder,
  type DataModelFromSchemaDefinition,
  defineSchema,
  defineTable,
  type GenericActionCtx,
  type GenericMutationCtx,
  type GenericQueryCtx,
  httpActionGeneric,
  internalMutationGeneric,
  type MutationBuilder,
  mutationGeneric,
  type QueryBuilder,
  queryGeneric,
} from "convex/server";
import { v } from "convex/values";

declare const component: ComponentApi;

const store = kvClientFactory(component).use<number>(["s"]);
export const schema = defineSchema({ users: defineTable({ name: v.string() }) });
type DataModel = DataModelFromSchemaDefinition<typeof schema>;

// --- The contexts by their types, of an app with tables.

declare const queryCtx: GenericQueryCtx<DataModel>;
declare const mutationCtx: GenericMutationCtx<DataModel>;
declare const actionCtx: GenericActionCtx<DataModel>;

for (const ctx of [queryCtx, mutationCtx, actionCtx]) {
  void store.get(ctx, ["a"]);
  void store.getWithMetadata(ctx, ["a"]);
  void store.has(ctx, ["a"]);
  void store.list(ctx, []);
  void store.getAll(ctx, []);
}
for (const ctx of [mutationCtx, actionCtx]) {
  void store.set(ctx, ["a"], 1);
  void store.delete(ctx, ["a"]);
  void store.deleteAll(ctx, []);
}
void mutationCtx.runMutation(component.kv.vacuum);
void actionCtx.runMutation(component.kv.vacuum);
void mutationCtx.runMutation(component.kv.vacuum, {});

// @ts-expect-error A query cannot write.
void store.set(queryCtx, ["a"], 1);
// @ts-expect-error A query cannot write.
void store.delete(queryCtx, ["a"]);
// @ts-expect-error A query cannot write.
void store.deleteAll(queryCtx, []);
// @ts-expect-error That is no context.
void store.get({}, ["a"]);

// --- Those that registered functions get, with and without a data model.

declare const query: QueryBuilder<DataModel, "public">;
declare const mutation: MutationBuilder<DataModel, "public">;
declare const action: ActionBuilder<DataModel, "public">;

for (const build of [query, queryGeneric as unknown as typeof query]) {
  build({ args: {}, handler: (ctx) => store.get(ctx, ["a"]) });
}
for (const build of [mutation, mutationGeneric as unknown as typeof mutation]) {
  build({ args: {}, handler: (ctx) => store.set(ctx, ["a"], 1) });
}
for (const build of [action, actionGeneric as unknown as typeof action]) {
  build({
    args: {},
    handler: async (ctx) => {
      await store.set(ctx, ["a"], (await store.get(ctx, ["a"])) ?? 0);
    },
  });
}
queryGeneric({ args: {}, handler: (ctx) => store.getAll(ctx, []) });
internalMutationGeneric({ args: {}, handler: (ctx) => store.deleteAll(ctx, []) });
actionGeneric({ args: {}, handler: (ctx) => store.list(ctx, []) });
httpActionGeneric(async (ctx) => {
  await store.set(ctx, ["a"], 1);
  return new Response(String(await store.get(ctx, ["a"])));
});

// --- No more of a context than is needed.

declare const reader: Pick<GenericQueryCtx<DataModel>, "runQuery">;
declare const writer: Pick<GenericMutationCtx<DataModel>, "runMutation">;
void store.get(reader, ["a"]);
void store.set(writer, ["a"], 1);
// @ts-expect-error What only reads cannot write.
void store.set(reader, ["a"], 1);
