// Compiled, never run: what the scans of a store take and return.
import {
  type ChildrenPage,
  type CountResult,
  type Entry,
  type EntryInfo,
  type KeysPage,
  kvClientFactory,
  type ComponentApi,
  type Page,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import type { PaginationOptions, PaginationResult } from "convex/server";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
declare const ctx: RunQuery;
declare const writing: RunMutation;
declare const opts: PaginationOptions;

type User = { name: string };
const users = kvClientFactory(component).use<User>(["users"]);
const without = { includeValues: false } as const;

expectTypeOf(users.first(ctx, [])).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(users.last(ctx, [], { start: ["a"] })).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(users.first(ctx, [], without)).resolves.toEqualTypeOf<EntryInfo | null>();
expectTypeOf(users.keys(ctx, [], { end: [1n] })).resolves.toEqualTypeOf<KeysPage>();
void users.deleteAll(writing, [], { startsWith: "a" });
void users.count(ctx, [], { after: ["a"], startsWith: new ArrayBuffer(1) });
expectTypeOf(users.children(ctx, [])).resolves.toEqualTypeOf<ChildrenPage>();
expectTypeOf(users.count(ctx, [], { limit: 1 })).resolves.toEqualTypeOf<CountResult>();
expectTypeOf(users.paginate(ctx, [], opts)).resolves.toEqualTypeOf<PaginationResult<Entry<User>>>();
expectTypeOf(users.entries(ctx, [])).toExtend<AsyncIterableIterator<Entry<User>>>();
expectTypeOf(users.entries(ctx, [], without)).toExtend<AsyncIterableIterator<EntryInfo>>();

// Without a prefix: all of the store.
expectTypeOf(users.list(ctx)).resolves.toEqualTypeOf<Page<Entry<User>>>();
expectTypeOf(users.list(ctx, undefined, { limit: 1 })).resolves.toEqualTypeOf<Page<Entry<User>>>();
expectTypeOf(users.list(ctx, undefined, without)).resolves.toEqualTypeOf<Page<EntryInfo>>();
expectTypeOf(users.getAll(ctx)).resolves.toEqualTypeOf<Entry<User>[]>();
expectTypeOf(users.keys(ctx)).resolves.toEqualTypeOf<KeysPage>();
expectTypeOf(users.first(ctx)).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(users.last(ctx)).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(users.count(ctx)).resolves.toEqualTypeOf<CountResult>();
expectTypeOf(users.children(ctx)).resolves.toEqualTypeOf<ChildrenPage>();
expectTypeOf(users.entries(ctx)).toExtend<AsyncIterableIterator<Entry<User>>>();
expectTypeOf(users.paginate(ctx, opts)).resolves.toEqualTypeOf<PaginationResult<Entry<User>>>();
expectTypeOf(users.paginate(ctx, opts, without)).resolves.toEqualTypeOf<
  PaginationResult<EntryInfo>
>();
expectTypeOf(users.paginate(ctx, undefined, opts, without)).resolves.toEqualTypeOf<
  PaginationResult<EntryInfo>
>();

const days = kvClientFactory(component).use<number, [user: string, day: number]>(["days"]);
expectTypeOf(days.count(ctx)).resolves.toEqualTypeOf<CountResult>();
expectTypeOf(days.paginate(ctx, ["ana"], opts)).resolves.toEqualTypeOf<
  PaginationResult<Entry<number>>
>();

// What changes entries asks for its prefixes.
// @ts-expect-error deleteAll without a prefix.
void users.deleteAll(writing);
// @ts-expect-error And with none.
void users.deleteAll(writing, undefined);
// @ts-expect-error replaceAll without a prefix.
void users.replaceAll(writing, undefined, []);
// @ts-expect-error move without prefixes.
void users.move(writing);
// @ts-expect-error copy with one prefix.
void users.copy(writing, ["a"]);

// @ts-expect-error A key is an array.
void users.list(ctx, [], { start: "a" });
// @ts-expect-error What a part begins with is no key.
void users.list(ctx, [], { startsWith: ["a"] });
// @ts-expect-error keys has no values to leave out.
void users.keys(ctx, [], { includeValues: false });
