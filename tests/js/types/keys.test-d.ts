// Compiled, never run: stores with typed keys.
import {
  type ComponentApi,
  type Key,
  type KeyPart,
  type KeyValueStore,
  kvClientFactory,
  type Prefix,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const userId: string;

const kv = kvClientFactory(component);

// --- A tuple.

type Steps = [userId: string, day: number];
const steps = kv.use<number, Steps>(["steps"]);
expectTypeOf(steps).toEqualTypeOf<KeyValueStore<number, Steps>>();

void steps.set(ctx, [userId, 5], 1000);
void steps.get(ctx, [userId, 5]);
void steps.getWithMetadata(ctx, [userId, 5]);
void steps.has(ctx, [userId, 5]);
void steps.delete(ctx, [userId, 5]);
void steps.getMany(ctx, [[userId, 5]]);
void steps.setMany(ctx, [{ key: [userId, 5], value: 1, ttl: 5 }]);
void steps.deleteMany(ctx, [[userId, 5]]);
void steps.list(ctx, [], { limit: 5 });
void steps.list(ctx, [userId]);
void steps.getAll(ctx, [userId, 5], { includeValues: false });
void steps.deleteAll(ctx, [userId]);
void steps.replaceAll(ctx, [userId], [{ key: [userId, 5], value: 1, ttl: 5 }], { start: [3] });

// @ts-expect-error A day is a number.
void steps.set(ctx, [userId, "5"], 1000);
// @ts-expect-error A day is missing.
void steps.get(ctx, [userId]);
// @ts-expect-error That is one too many.
void steps.has(ctx, [userId, 5, 6]);
// @ts-expect-error There is a user before the day.
void steps.delete(ctx, [5, userId]);
// @ts-expect-error A day is missing.
void steps.getMany(ctx, [[userId]]);
// @ts-expect-error A day is a number.
void steps.setMany(ctx, [{ key: [userId, "5"], value: 1 }]);
// @ts-expect-error A day is a number.
void steps.deleteMany(ctx, [[userId, "5"]]);
// @ts-expect-error No key begins with a number.
void steps.list(ctx, [5]);
// @ts-expect-error A day is a number.
void steps.getAll(ctx, [userId, "5"]);
// @ts-expect-error That is one too many.
void steps.deleteAll(ctx, [userId, 5, 6]);
// @ts-expect-error A day is a number.
void steps.replaceAll(ctx, [userId], [{ key: [userId, "5"], value: 1 }]);
// @ts-expect-error A value is a number.
void steps.replaceAll(ctx, [userId], [{ key: [userId, 5], value: "1" }]);

// The keys of entries are absolute, and of any parts.
void steps.getAll(ctx, []).then(([entry]) => {
  expectTypeOf(entry!.key).toEqualTypeOf<KeyPart[]>();
});

// --- Prefixes.

expectTypeOf<Prefix<Steps>>().toEqualTypeOf<
  readonly [] | readonly [string] | readonly [string, number]
>();
expectTypeOf<Prefix<Key>>().toEqualTypeOf<Key>();
expectTypeOf<Prefix<[]>>().toEqualTypeOf<readonly []>();
expectTypeOf<Prefix<string[]>>().toEqualTypeOf<readonly string[]>();
expectTypeOf<Prefix<["a", number] | ["b"]>>().toEqualTypeOf<
  readonly [] | readonly ["a"] | readonly ["a", number] | readonly ["b"]
>();
expectTypeOf<Prefix<[kind: "a", ...string[]]>>().toEqualTypeOf<
  readonly [] | readonly ["a", ...string[]]
>();
expectTypeOf<Prefix<[...string[], number]>>().toEqualTypeOf<
  readonly string[] | readonly [...string[], number]
>();

// --- Unions and rests.

type Tree = ["user", string] | ["user", string, "posts", number] | ["file", ...string[]];
const tree = kv.use<string, Tree>();
void tree.get(ctx, ["user", userId]);
void tree.get(ctx, ["user", userId, "posts", 5]);
void tree.get(ctx, ["file"]);
void tree.get(ctx, ["file", "usr", "bin"]);
void tree.list(ctx, []);
void tree.list(ctx, ["user", userId, "posts"]);
void tree.list(ctx, ["file", "usr"]);
// @ts-expect-error There is no such kind.
void tree.get(ctx, ["group", userId]);
// @ts-expect-error A post is missing.
void tree.get(ctx, ["user", userId, "posts"]);
// @ts-expect-error Files are named by strings.
void tree.get(ctx, ["file", "usr", 5]);
// @ts-expect-error Nothing begins so.
void tree.list(ctx, ["user", userId, "files"]);
// @ts-expect-error Nor so.
void tree.list(ctx, ["file", 5]);

// --- Stores below: what remains of the key.

expectTypeOf(steps.withPrefix([userId])).toEqualTypeOf<KeyValueStore<number, [day: number]>>();
expectTypeOf(steps.subStore([userId])).toEqualTypeOf<KeyValueStore<number, [day: number]>>();
expectTypeOf(steps.withPrefix([])).toEqualTypeOf<KeyValueStore<number, Steps>>();
expectTypeOf(steps.withPrefix([userId, 5])).toEqualTypeOf<KeyValueStore<number, []>>();
expectTypeOf(steps.withPrefix([userId], v.string())).toEqualTypeOf<
  KeyValueStore<string, [day: number]>
>();
expectTypeOf(tree.withPrefix(["user"])).toEqualTypeOf<
  KeyValueStore<string, [string] | [string, "posts", number]>
>();
expectTypeOf(tree.withPrefix(["user", userId])).toEqualTypeOf<
  KeyValueStore<string, [] | ["posts", number]>
>();
expectTypeOf(tree.withPrefix(["file", "usr"])).toEqualTypeOf<KeyValueStore<string, string[]>>();
// @ts-expect-error No key begins so.
steps.withPrefix([5]);
// @ts-expect-error No key begins so.
tree.subStore(["group"]);

// A prefix whose type does not tell its length leaves any keys.
const paths = kv.use<string, ["file", ...string[]] | string[]>();
declare const path: string[];
expectTypeOf(paths.withPrefix(path)).toEqualTypeOf<KeyValueStore<string>>();

// Keys may be given too, beside the values.
expectTypeOf(kv.use(["steps"]).withPrefix<number, [day: number]>([userId])).toEqualTypeOf<
  KeyValueStore<number, [day: number]>
>();
expectTypeOf(kv.use(["a"]).subStore<number, [day: number]>([userId], v.number())).toEqualTypeOf<
  KeyValueStore<number, [day: number]>
>();

// --- Keys are any keys, unless they are given.

expectTypeOf(kv.use()).toEqualTypeOf<KeyValueStore>();
expectTypeOf(kv.use(["a"]).withPrefix(["b", 5])).toEqualTypeOf<KeyValueStore>();
// A store for some keys is accepted as any store.
const wider: KeyValueStore<number> = steps;
const whichever: KeyValueStore<number, any> = steps; // eslint-disable-line @typescript-eslint/no-explicit-any
void [wider, whichever];

// Code that is generic in the keys.
export async function countOf<K extends Key>(store: KeyValueStore<number, K>, key: K) {
  expectTypeOf(store.get(ctx, key)).resolves.toEqualTypeOf<number | null>();
  return (await store.getAll(ctx, key as Prefix<K>)).length;
}
