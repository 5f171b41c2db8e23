// Compiled, never run: what the functions of `clientApi` take and return, as clients see them.
import {
  type ClientCall,
  type ComponentApi,
  kvClientFactory,
  type KeyPart,
  type ValueSchema,
} from "@hamzasaleemorg/convex-kv";
import { usePaginatedQuery } from "convex-helpers/react";
import {
  type ApiFromModules,
  type DataModelFromSchemaDefinition,
  defineSchema,
  defineTable,
  type FunctionArgs,
  type FunctionReturnType,
  type GenericMutationCtx,
  type GenericQueryCtx,
} from "convex/server";
import { v } from "convex/values";

declare const component: ComponentApi;
declare const schema: ValueSchema<number, string>;

export const tables = defineSchema({ members: defineTable({ user: v.string() }) });
type DataModel = DataModelFromSchemaDefinition<typeof tables>;
type QueryCtx = GenericQueryCtx<DataModel>;
type MutationCtx = GenericMutationCtx<DataModel>;

type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const same = <A, B>(_: Same<A, B>) => undefined;

const kv = kvClientFactory(component);
const checks = { checkRead: () => undefined, checkWrite: () => undefined };
const scope = async (ctx: { auth: QueryCtx["auth"] }) => {
  const identity = await ctx.auth.getUserIdentity();
  return identity && ([identity.subject] as const);
};

const steps = kv.use<number, [user: string, day: number]>(["steps"]);
const prefs = kv.use(["prefs"], v.union(v.string(), v.boolean()));
export const modules = {
  steps: steps.clientApi(checks),
  mine: steps.clientApi({ ...checks, scope }),
  prefs: prefs.clientApi({ ...checks, scope, methods: ["get", "list", "set"] }),
  any: kv.use().clientApi(checks),
  schema: kv.use([], schema).clientApi(checks),
};
declare const api: ApiFromModules<typeof modules>;

// The keys are the store's,
type Steps = typeof api.steps;
same<FunctionArgs<Steps["get"]>, { key: [user: string, day: number] }>(true);
same<FunctionReturnType<Steps["get"]>, number | null>(true);
same<FunctionArgs<Steps["set"]>["value"], number>(true);
same<FunctionReturnType<Steps["list"]>["page"][number]["key"], [user: string, day: number]>(true);
same<FunctionReturnType<Steps["children"]>["page"][number]["part"], KeyPart>(true);
same<FunctionArgs<Steps["increment"]>["by"], number | undefined>(true);
same<FunctionReturnType<Steps["increment"]>, number>(true);
same<Steps["get"]["_type"], "query">(true);
same<Steps["get"]["_visibility"], "public">(true);
same<Steps["removeAll"]["_type"], "mutation">(true);
// or what remains of them below the scope.
same<FunctionArgs<(typeof api.mine)["get"]>, { key: [day: number] }>(true);
same<FunctionReturnType<(typeof api.mine)["getAll"]>[number]["value"], number>(true);

// All functions are there, and checks are asked about each.
same<keyof Steps, ClientCall["method"]>(true);

// Only what is named exists,
same<keyof typeof api.prefs, "get" | "list" | "set">(true);
same<FunctionReturnType<(typeof api.prefs)["get"]>, string | boolean | null>(true);
// and numbers are added only where there are some.
same<Extract<keyof typeof api.steps, "increment">, "increment">(true);
// @ts-expect-error Its values are no numbers.
prefs.clientApi({ ...checks, methods: ["increment"] });
// @ts-expect-error There is no such function.
prefs.clientApi({ ...checks, methods: ["move"] });

// With a schema, clients send its input and get its output.
same<FunctionArgs<(typeof api.schema)["set"]>["value"], string>(true);
same<FunctionReturnType<(typeof api.schema)["get"]>, number | null>(true);
same<FunctionArgs<(typeof api.any)["increment"]>["by"], number | bigint | undefined>(true);

// Pages are what usePaginatedQuery takes.
export function Rows() {
  const rows = usePaginatedQuery(api.prefs.list, { prefix: ["theme"] }, { initialNumItems: 5 });
  const values: (string | boolean)[] = rows.results.map(({ value }) => value);
  const parts = usePaginatedQuery(api.steps.children, { prefix: ["a"] }, { initialNumItems: 5 });
  return [values, parts.results.map(({ part }): KeyPart => part)];
}

// Both checks are required, and refuse by throwing.
// @ts-expect-error There is no checkWrite.
prefs.clientApi({ checkRead: () => undefined });
// @ts-expect-error There is no checkRead.
prefs.clientApi({ checkWrite: () => undefined });
// @ts-expect-error What it returns would be lost.
prefs.clientApi({ ...checks, checkRead: () => Promise.resolve(false) });
// @ts-expect-error A scope of numbers is none of this store.
steps.clientApi({ ...checks, scope: () => [1] });

// Contexts are of any data model, or of the app's: by what a function takes, or by name.
prefs.clientApi({
  checkRead: async (ctx, call) => {
    same<(typeof call)["method"] extends string ? true : false, true>(true);
    if ("prefix" in call) await ctx.db.query("anything").collect();
  },
  checkWrite: (ctx, call) => {
    if (call.method === "set" && call.value !== "dark") void ctx.db.insert("log", {});
  },
  scope: async (ctx) => [(await ctx.auth.getUserIdentity())?.subject ?? "nobody"],
});
prefs.clientApi({
  checkRead: async (ctx: QueryCtx) => {
    await ctx.db.query("members").collect();
  },
  checkWrite: async (ctx: MutationCtx) => {
    // @ts-expect-error The app has no such table.
    await ctx.db.query("others").collect();
  },
});
prefs.clientApi<DataModel>({
  checkRead: async (ctx) => {
    const [member] = await ctx.db.query("members").collect();
    if (member?.user === "ann") throw new Error();
  },
  checkWrite: () => undefined,
});
// @ts-expect-error TypeScript does not know what is named here, if it does not infer all.
prefs.clientApi<DataModel>({ ...checks, methods: ["get"] });
