// Compiled, never run: what the scans of a store take and return.
import {
  type ChildrenPage,
  type CountResult,
  type Entry,
  type EntryInfo,
  type KeysPage,
  kvClientFactory,
  type ComponentApi,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import type { PaginationOptions, PaginationResult } from "convex/server";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
declare const ctx: RunQuery;
declare const opts: PaginationOptions;

type User = { name: string };
const users = kvClientFactory(component).use<User>(["users"]);
const without = { includeValues: false } as const;

expectTypeOf(users.first(ctx, [])).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(users.last(ctx, [], { start: ["a"] })).resolves.toEqualTypeOf<Entry<User> | null>();
expectTypeOf(users.first(ctx, [], without)).resolves.toEqualTypeOf<EntryInfo | null>();
expectTypeOf(users.keys(ctx, [], { end: [1n] })).resolves.toEqualTypeOf<KeysPage>();
expectTypeOf(users.children(ctx, [])).resolves.toEqualTypeOf<ChildrenPage>();
expectTypeOf(users.count(ctx, [], { limit: 1 })).resolves.toEqualTypeOf<CountResult>();
expectTypeOf(users.paginate(ctx, [], opts)).resolves.toEqualTypeOf<PaginationResult<Entry<User>>>();
expectTypeOf(users.entries(ctx, [])).toExtend<AsyncIterableIterator<Entry<User>>>();
expectTypeOf(users.entries(ctx, [], without)).toExtend<AsyncIterableIterator<EntryInfo>>();

// @ts-expect-error A key is an array.
void users.list(ctx, [], { start: "a" });
// @ts-expect-error keys has no values to leave out.
void users.keys(ctx, [], { includeValues: false });
