// Compiled, never run: what counters take and return, as the type checker sees it.
import {
  type ComponentApi,
  type Counter,
  kvClientFactory,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const reading: RunQuery;

const kv = kvClientFactory(component);
const likes = kv.counter(["likes"]);
const views = kv.counter<[page: string, day: number]>(["views"], { shards: 64 });

expectTypeOf(likes).toEqualTypeOf<Counter>();
expectTypeOf(views).toEqualTypeOf<Counter<[page: string, day: number]>>();
expectTypeOf(kv.counter()).toEqualTypeOf<Counter>();
expectTypeOf(views.add(ctx, ["home", 1])).resolves.toEqualTypeOf<void>();
expectTypeOf(views.add(ctx, ["home", 1], -2)).resolves.toEqualTypeOf<void>();
expectTypeOf(views.read(reading, ["home", 1])).resolves.toEqualTypeOf<number>();
expectTypeOf(views.reset(ctx, ["home"])).resolves.toEqualTypeOf<void>();
void views.read(reading, ["home"]);
void views.read(reading);
void likes.add(ctx, ["post", 5n]);
// A helper for any counter.
expectTypeOf(views).toExtend<{ read(ctx: RunQuery): Promise<number> }>();

// @ts-expect-error A day is missing.
void views.add(ctx, ["home"]);
// @ts-expect-error A page is a string.
void views.read(reading, [1]);
// @ts-expect-error It is an array.
void likes.add(ctx, "post");
// @ts-expect-error Numbers only.
void likes.add(ctx, ["post"], 1n);
// @ts-expect-error A query cannot write.
void likes.add(reading, ["post"]);
// @ts-expect-error Which one?
void likes.reset(ctx);
// @ts-expect-error A number.
void kv.counter(["likes"], { shards: "many" });
