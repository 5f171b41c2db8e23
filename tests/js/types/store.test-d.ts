// Compiled, never run: what a store's methods take and return, as the type checker sees it.
import {
  type ComponentApi,
  type DeleteAllResult,
  type Entry,
  type EntryInfo,
  type Job,
  type JobsPage,
  type Key,
  type KeyPart,
  KeyValueStore,
  kvClientFactory,
  type ListOptions,
  type Page,
  type ReplaceAllResult,
  type RunMutation,
  type RunQuery,
  type SetResult,
} from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const flag: boolean;

type User = { name: string; age?: number };

const kv = kvClientFactory(component);
const user = v.object({ name: v.string(), age: v.optional(v.number()) });

// --- V comes from the type argument or from the validator.

const declared = kv.use<User>(["users"]);
expectTypeOf(declared).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use(["users"], user)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use<User>(["users"], user)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use(["n"], v.number())).toEqualTypeOf<KeyValueStore<number>>();
expectTypeOf(kv.use(["n"], v.union(v.literal("on"), v.null()))).toEqualTypeOf<
  KeyValueStore<"on" | null>
>();
expectTypeOf(kv.use(["n"], v.array(v.int64()))).toEqualTypeOf<KeyValueStore<bigint[]>>();
expectTypeOf(kv.use(["n"], v.record(v.string(), v.bytes()))).toEqualTypeOf<
  KeyValueStore<Record<string, ArrayBuffer>>
>();
expectTypeOf(new KeyValueStore(component, ["n"], { validator: v.boolean() })).toEqualTypeOf<
  KeyValueStore<boolean>
>();

// @ts-expect-error The validator is for another type.
kv.use<User>(["users"], v.object({ name: v.number() }));

// --- Sub-stores keep V, or take another.

expectTypeOf(declared.withPrefix(["a"])).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(declared.subStore(["a"])).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(declared.withPrefix<number>(["a"])).toEqualTypeOf<KeyValueStore<number>>();
expectTypeOf(declared.withPrefix(["a"], v.string())).toEqualTypeOf<KeyValueStore<string>>();
expectTypeOf(declared.subStore(["a"], v.string())).toEqualTypeOf<KeyValueStore<string>>();

// --- Reading. None of these is `any`.

expectTypeOf(declared.get(ctx, ["1"])).resolves.toEqualTypeOf<User | null>();
expectTypeOf(declared.getWithMetadata(ctx, ["1"])).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(declared.has(ctx, ["1"])).resolves.toEqualTypeOf<boolean>();
expectTypeOf<Entry<User>["value"]>().toEqualTypeOf<User>();
expectTypeOf<EntryInfo["key"]>().toEqualTypeOf<KeyPart[]>();
expectTypeOf<EntryInfo["updatedAt"]>().toEqualTypeOf<number>();
expectTypeOf<EntryInfo["expiresAt"]>().toEqualTypeOf<number | undefined>();
expectTypeOf<EntryInfo>().not.toHaveProperty("value");

type Maybe = EntryInfo & { value?: User };
declare const someOptions: { limit?: number; includeValues?: boolean };
declare const listOptions: ListOptions;

expectTypeOf(declared.list(ctx, [])).resolves.toEqualTypeOf<Page<Entry<User>>>();
expectTypeOf(declared.list(ctx, [], {})).resolves.toEqualTypeOf<Page<Entry<User>>>();
expectTypeOf(declared.list(ctx, [], { limit: 5, cursor: null })).resolves.toEqualTypeOf<
  Page<Entry<User>>
>();
expectTypeOf(declared.list(ctx, [], { includeValues: true })).resolves.toEqualTypeOf<
  Page<Entry<User>>
>();
expectTypeOf(declared.list(ctx, [], { includeValues: false })).resolves.toEqualTypeOf<
  Page<EntryInfo>
>();
expectTypeOf(declared.list(ctx, [], { includeValues: flag })).resolves.toEqualTypeOf<Page<Maybe>>();
expectTypeOf(declared.list(ctx, [], someOptions)).resolves.toEqualTypeOf<Page<Maybe>>();
expectTypeOf(declared.list(ctx, [], listOptions)).resolves.toEqualTypeOf<Page<Maybe>>();
expectTypeOf(declared.list(ctx, [], { includeValues: undefined })).resolves.toEqualTypeOf<
  Page<Entry<User>>
>();
expectTypeOf<Page<EntryInfo>["continueCursor"]>().toEqualTypeOf<string>();
expectTypeOf<Page<EntryInfo>["isDone"]>().toEqualTypeOf<boolean>();

expectTypeOf(declared.getAll(ctx, [])).resolves.toEqualTypeOf<Entry<User>[]>();
expectTypeOf(declared.getAll(ctx, [], { includeValues: true })).resolves.toEqualTypeOf<
  Entry<User>[]
>();
expectTypeOf(declared.getAll(ctx, [], { includeValues: false })).resolves.toEqualTypeOf<
  EntryInfo[]
>();
expectTypeOf(declared.getAll(ctx, [], { includeValues: flag })).resolves.toEqualTypeOf<Maybe[]>();

// @ts-expect-error getAll has no pages.
void declared.getAll(ctx, [], { limit: 5 });
// @ts-expect-error A limit is a number.
void declared.list(ctx, [], { limit: "5" });

// --- Writing.

expectTypeOf(declared.set(ctx, ["1"], { name: "Ann" })).resolves.toEqualTypeOf<SetResult>();
expectTypeOf(declared.delete(ctx, ["1"])).resolves.toEqualTypeOf<boolean>();
expectTypeOf(declared.deleteAll(ctx, [])).resolves.toEqualTypeOf<DeleteAllResult>();
expectTypeOf(declared.replaceAll(ctx, [], [])).resolves.toEqualTypeOf<ReplaceAllResult>();
expectTypeOf<ReplaceAllResult>().toExtend<DeleteAllResult & { results: SetResult[] }>();
expectTypeOf<DeleteAllResult>().toEqualTypeOf<{
  deletedCount: number;
  hasMore: boolean;
  jobId?: string;
}>();
expectTypeOf(declared.jobs(ctx, { limit: 5, cursor: null })).resolves.toEqualTypeOf<JobsPage>();
expectTypeOf<JobsPage["jobs"][number]>().toExtend<Job>();
expectTypeOf(declared.job(ctx, "1")).resolves.toEqualTypeOf<Job | null>();
expectTypeOf(
  declared.setMany(ctx, [{ key: ["1"], value: { name: "Ann" } }]),
).resolves.toEqualTypeOf<SetResult[]>();
expectTypeOf(declared.deleteMany(ctx, [["1"]])).resolves.toEqualTypeOf<number>();
// @ts-expect-error A name is a string.
void declared.setMany(ctx, [{ key: ["1"], value: { name: 1 } }]);
void declared.set(ctx, ["1"], { name: "Ann", age: 5 }, { ttl: 5, expiresAt: 7, metadata: [1] });

// @ts-expect-error A name is a string.
void declared.set(ctx, ["1"], { name: 1 });
// @ts-expect-error There is no such field.
void declared.set(ctx, ["1"], { name: "Ann", email: "a@b" });
// @ts-expect-error A ttl is a number of milliseconds.
void declared.set(ctx, ["1"], { name: "Ann" }, { ttl: "1h" });
// @ts-expect-error There is no such option.
void declared.set(ctx, ["1"], { name: "Ann" }, { expires: 5 });
// @ts-expect-error A value is wanted.
void declared.set(ctx, ["1"]);

// --- Keys.

expectTypeOf<KeyPart>().toEqualTypeOf<string | number | bigint | boolean | null | ArrayBuffer>();
expectTypeOf<readonly KeyPart[]>().toEqualTypeOf<Key>();
const frozen = ["a", 1, 1n, true, null, new ArrayBuffer(1)] as const;
void declared.get(ctx, frozen);
void kv.use(frozen);

// @ts-expect-error A key is an array.
void declared.get(ctx, "1");
// @ts-expect-error undefined is no part of a key.
void declared.get(ctx, ["1", undefined]);
// @ts-expect-error Nor is an array.
void declared.get(ctx, ["1", ["2"]]);
// @ts-expect-error Nor a Date.
void declared.get(ctx, [new Date()]);
// @ts-expect-error The component's API is wanted.
kvClientFactory({});
