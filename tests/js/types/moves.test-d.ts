// Compiled, never run: moves, copies, deletions and what is told of them, as the type checker sees
// it.
import {
  type ComponentApi,
  type CopyResult,
  type DeleteAllResult,
  type Job,
  kvClientFactory,
  type MoveResult,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const reading: RunQuery;

const kv = kvClientFactory(component);
const store = kv.use<number>(["s"]);
const typed = kv.use<number, [user: string, day: number]>(["t"]);

expectTypeOf(store.move(ctx, ["a"], ["b", 1n])).resolves.toEqualTypeOf<MoveResult>();
expectTypeOf(
  store.copy(ctx, ["a"], ["b"], { onConflict: "skip" }),
).resolves.toEqualTypeOf<CopyResult>();
expectTypeOf<MoveResult["movedCount"]>().toEqualTypeOf<number>();
expectTypeOf<CopyResult["copiedCount"]>().toEqualTypeOf<number>();
void typed.move(ctx, ["ana"], ["bob"]);
// @ts-expect-error No key of this store begins so.
void typed.move(ctx, [1], ["bob"]);
// @ts-expect-error None of the rules.
void store.copy(ctx, ["a"], ["b"], { onConflict: "merge" });
// @ts-expect-error It writes.
void store.move(reading, ["a"], ["b"]);

expectTypeOf(
  store.deleteAll(ctx, [], { start: [1], end: [2], reverse: true }),
).resolves.toEqualTypeOf<DeleteAllResult>();
// @ts-expect-error A key is an array.
void store.deleteAll(ctx, [], { start: 1 });

expectTypeOf(store.job(reading, "id")).resolves.toEqualTypeOf<Job | null>();
expectTypeOf<Job["state"]>().toEqualTypeOf<"running" | "done" | "replaced" | "failed">();
expectTypeOf<Job["kind"]>().toEqualTypeOf<
  "delete" | "sweep" | "timer" | "move" | "copy" | "migrate" | "count"
>();
expectTypeOf<Job["error"]>().toEqualTypeOf<{ code: string; message: string } | undefined>();
