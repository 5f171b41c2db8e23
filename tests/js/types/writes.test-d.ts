// Compiled, never run: what the methods that write take and return, as the type checker sees it.
import {
  type AnyStore,
  type AtomicBuilder,
  type CommitResult,
  type Entry,
  type EntryInfo,
  type Key,
  type KeyValueStore,
  type KvAtomicBuilder,
  kvClientFactory,
  type KvCommitResult,
  type ComponentApi,
  type RunMutation,
  type RunQuery,
  type SetResult,
} from "@hamzasaleemorg/convex-kv";
import { expectTypeOf } from "vitest";
import { z } from "zod";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const reading: RunQuery;

const kv = kvClientFactory(component);
const users = kv.use<{ name: string }>(["users"]);
const numbers = kv.use<number>(["n"]);
const bigints = kv.use<bigint>(["b"]);
const either = kv.use<number | bigint | null>(["e"]);
const anything = kv.use(["a"]);
const unknowns = kv.use<unknown>(["u"]);

expectTypeOf<EntryInfo["version"]>().toEqualTypeOf<string>();

// --- set

expectTypeOf(
  users.set(ctx, ["1"], { name: "Ann" }, { ifAbsent: true, keepTtl: true }),
).resolves.toEqualTypeOf<SetResult>();
void users.setMany(ctx, [{ key: ["1"], value: { name: "Ann" }, ifAbsent: true, keepTtl: false }]);
void users.set(ctx, ["1"], { name: "Ann" }, { ttl: Infinity, keepTtl: "ifSet", whenLeft: 5 });
// @ts-expect-error A flag.
void users.set(ctx, ["1"], { name: "Ann" }, { ifAbsent: "yes" });
// @ts-expect-error A flag, or that word.
void users.set(ctx, ["1"], { name: "Ann" }, { keepTtl: "ifUnset" });
void users.expire(ctx, ["1"], { ttl: 60_000, whenLeft: 30_000 });

// --- increment: in the types that the store has.

expectTypeOf(numbers.increment(ctx, ["1"])).resolves.toEqualTypeOf<number>();
expectTypeOf(numbers.increment(ctx, ["1"], 5, { ttl: 1 })).resolves.toEqualTypeOf<number>();
expectTypeOf(bigints.increment(ctx, ["1"], 5n)).resolves.toEqualTypeOf<bigint>();
expectTypeOf(either.increment(ctx, ["1"], 5n)).resolves.toEqualTypeOf<bigint>();
expectTypeOf(either.increment(ctx, ["1"])).resolves.toEqualTypeOf<number>();
expectTypeOf(anything.increment(ctx, ["1"])).resolves.toEqualTypeOf<number>();
expectTypeOf(unknowns.increment(ctx, ["1"], 1n)).resolves.toEqualTypeOf<bigint>();
const by = 1 as number | bigint;
const byOrNot = by as typeof by | undefined;
expectTypeOf(either.increment(ctx, ["1"], by)).resolves.toEqualTypeOf<number | bigint>();
expectTypeOf(either.increment(ctx, ["1"], byOrNot)).resolves.toEqualTypeOf<number | bigint>();
expectTypeOf(anything.increment(ctx, ["1"], by)).resolves.toEqualTypeOf<number | bigint>();
expectTypeOf(unknowns.increment(ctx, ["1"], by)).resolves.toEqualTypeOf<number | bigint>();
// @ts-expect-error It may be a bigint, and these are numbers.
void numbers.increment(ctx, ["1"], by);
// @ts-expect-error It may be a number, and these are bigints.
void bigints.increment(ctx, ["1"], by);
// @ts-expect-error There are no numbers in this store.
void users.increment(ctx, ["1"], by);
// @ts-expect-error The store has no bigints.
void numbers.increment(ctx, ["1"], 5n);
// @ts-expect-error The store has bigints only, and 1 is none.
void bigints.increment(ctx, ["1"]);
// @ts-expect-error The store has no numbers at all.
void users.increment(ctx, ["1"], 1);
// @ts-expect-error There is no sense in it.
void numbers.increment(ctx, ["1"], 1, { ifAbsent: true });
// @ts-expect-error Nor in this: a sum is another value.
void numbers.increment(ctx, ["1"], 1, { whenLeft: 5 });
void numbers.increment(ctx, ["1"], 1, { ttl: 5, keepTtl: "ifSet" });

// --- update

expectTypeOf(numbers.update(ctx, ["1"], (n) => (n ?? 0) + 1)).resolves.toEqualTypeOf<number>();
void users.update(ctx, ["1"], async (user) => {
  expectTypeOf(user).toEqualTypeOf<{ name: string } | null>();
  return Promise.resolve({ name: "Ann" });
});
// @ts-expect-error Not what the store holds.
void users.update(ctx, ["1"], () => ({ name: 5 }));
// @ts-expect-error It writes.
void users.update(reading, ["1"], () => ({ name: "Ann" }));

// undefined deletes, so the answer may be null.
expectTypeOf(users.update(ctx, ["1"], (user) => user ?? undefined)).resolves.toEqualTypeOf<{
  name: string;
} | null>();
expectTypeOf(
  numbers.update(ctx, ["1"], async (n) => Promise.resolve(n === 5 ? undefined : 5)),
).resolves.toEqualTypeOf<number | null>();
expectTypeOf(numbers.update(ctx, ["1"], () => undefined)).resolves.toEqualTypeOf<number | null>();
expectTypeOf(unknowns.update(ctx, ["1"], () => undefined)).resolves.toEqualTypeOf<unknown>();
// @ts-expect-error null is a value, and not one of this store's.
void numbers.update(ctx, ["1"], () => null);
// @ts-expect-error It forgets its `return`.
void users.update(ctx, ["1"], (user) => {
  if (user) user.name = "Ann";
});
// @ts-expect-error Not what the store holds.
void users.update(ctx, ["1"], (user) => (user ? { name: 5 } : undefined));

// --- take, delete, touch

expectTypeOf(users.take(ctx, ["1"])).resolves.toEqualTypeOf<{ name: string } | null>();
expectTypeOf(anything.take(ctx, ["1"])).resolves.toBeAny();
expectTypeOf(users.delete(ctx, ["1"])).resolves.toEqualTypeOf<boolean>();
expectTypeOf(users.deleteMany(ctx, [["1"]])).resolves.toEqualTypeOf<number>();
expectTypeOf(users.touch(ctx, ["1"])).resolves.toEqualTypeOf<boolean>();
expectTypeOf(users.getManyWithMetadata(reading, [["1"]])).resolves.toEqualTypeOf<
  (Entry<{ name: string }> | null)[]
>();
// @ts-expect-error It writes.
void users.take(reading, ["1"]);
// @ts-expect-error It writes.
void users.touch(reading, ["1"]);

// --- ttl and sliding of a store

void kv.use(["s"], { ttl: 5, sliding: { ttl: 5 } });
void kv.use(["s"], { sliding: { ttl: 5, whenLeft: undefined } }).withPrefix(["t"], { ttl: 5 });
// @ts-expect-error It needs a ttl.
void kv.use(["s"], { sliding: { whenLeft: 5 } });
// @ts-expect-error A number.
void kv.use(["s"], { ttl: "5" });

// --- atomic

expectTypeOf(users.atomic()).toEqualTypeOf<AtomicBuilder<{ name: string }, Key>>();
expectTypeOf(users.atomic().check(["1"], null).delete(["1"]).commit(ctx)).resolves.toEqualTypeOf<
  CommitResult<Key, { name: string }>
>();
void numbers.atomic().set(["1"], 5, { ifAbsent: true }).sum(["1"], 1).min(["1"], 1).max(["1"], 1);
void bigints.atomic().sum(["1"], 1n);
void anything.atomic().sum(["1"], 1n).sum(["1"], 1);
// @ts-expect-error The store has no bigints.
void numbers.atomic().sum(["1"], 1n);
// @ts-expect-error The store has no numbers at all.
void users.atomic().max(["1"], 1);
// @ts-expect-error Not what the store holds.
void users.atomic().set(["1"], { name: 5 });
// @ts-expect-error It writes.
void users.atomic().commit(reading);

declare const days: KeyValueStore<number, readonly [user: string, day: number]>;
void days.atomic().sum(["ann", 5], 1).check(["ann", 5], "v");
// @ts-expect-error Not a key of the store.
void days.atomic().sum(["ann"], 1);

async function failedKeys() {
  const result = await days.atomic().commit(ctx);
  if (result.ok) expectTypeOf(result.versions).toEqualTypeOf<(string | null)[]>();
  else {
    expectTypeOf(result.failed).toEqualTypeOf<
      (readonly [] | readonly [string] | readonly [user: string, day: number])[]
    >();
  }
}
void failedKeys;

async function takenValues() {
  const result = await days.atomic().take(["ann", 5]).checkEmpty(["ann"]).commit(ctx);
  if (result.ok) expectTypeOf(result.taken).toEqualTypeOf<(number | null)[]>();
}
void takenValues;
// @ts-expect-error Not what keys of the store begin with.
void days.atomic().checkEmpty([5]);

// --- kv.atomic

const schema = z.object({ name: z.string().default("") });
const profiles = kv.use(["p"], schema);
const several = kv
  .atomic()
  .set(users, ["1"], { name: "Ann" }, { ttl: 5 })
  .set(profiles, ["1"], {})
  .set(anything, [1], "any")
  .delete(days, ["ann", 5])
  .take(days, ["ann", 5])
  .check(days, ["ann", 5], null)
  .checkEmpty(days, ["ann"])
  .checkEmpty(users, [])
  .sum(days, ["ann", 5], 1, { ttl: 5 })
  .min(bigints, ["1"], 1n)
  .max(either, ["1"], 1n);
expectTypeOf(several).toEqualTypeOf<KvAtomicBuilder>();
expectTypeOf(several.commit(ctx)).resolves.toEqualTypeOf<KvCommitResult>();
// @ts-expect-error Not what the store holds.
void kv.atomic().set(users, ["1"], { name: 5 });
// @ts-expect-error Not a key of the store.
void kv.atomic().set(days, ["ann"], 5);
// @ts-expect-error Not a key of the store.
void kv.atomic().take(days, ["ann", "5"]);
// @ts-expect-error Not what keys of the store begin with.
void kv.atomic().checkEmpty(days, [5]);
// @ts-expect-error The store has no numbers at all.
void kv.atomic().sum(users, ["1"], 1);
// @ts-expect-error The store has no bigints.
void kv.atomic().max(days, ["ann", 5], 1n);
// @ts-expect-error That is no store.
void kv.atomic().delete(["days"], ["ann", 5]);
// @ts-expect-error It writes.
void several.commit(reading);

async function failedChecks() {
  const result = await several.commit(ctx);
  if (result.ok) expectTypeOf(result.taken).toEqualTypeOf<unknown[]>();
  else expectTypeOf(result.failed).toEqualTypeOf<{ store: AnyStore; key: Key }[]>();
}
void failedChecks;

const oneOf = async <V, K extends Key>(store: KeyValueStore<V, K>, key: K, value: V) =>
  await kv
    .atomic()
    .set<KeyValueStore<V, K>>(store, key as never, value as never)
    .commit(ctx);
void oneOf;

// --- expiry by hand

expectTypeOf(users.expire(ctx, ["1"], { ttl: 5, when: "later" })).resolves.toEqualTypeOf<boolean>();
expectTypeOf(users.persist(ctx, ["1"])).resolves.toEqualTypeOf<boolean>();
expectTypeOf(users.ttl(reading, ["1"])).resolves.toEqualTypeOf<number | null>();
void users.expire(ctx, ["1"], { expiresAt: 5 });
// @ts-expect-error One of the two is needed.
void users.expire(ctx, ["1"], {});
// @ts-expect-error None of the conditions.
void users.expire(ctx, ["1"], { ttl: 5, when: "never" });
// @ts-expect-error It writes.
void users.persist(reading, ["1"]);
