import {
  type AtomicBuilder,
  type Key,
  type KeyValueStore,
  kvClientFactory,
} from "@hamzasaleemorg/convex-kv";
import {
  vChild,
  vChildrenPage,
  vCommitResult,
  vCopyResult,
  vCountResult,
  vDeleteAllResult,
  vEntry,
  vEntryInfo,
  vJob,
  vJobsPage,
  vKey,
  vKeyPart,
  vKeysPage,
  vLock,
  vLockState,
  vMoveResult,
  vPage,
  vPaginationResult,
  vReplaceAllResult,
  vSetResult,
} from "@hamzasaleemorg/convex-kv/validators";
import { makeFunctionReference, mutationGeneric as mutation } from "convex/server";
import { type GenericValidator, v } from "convex/values";
import { describe, expect, expectTypeOf, test } from "vitest";
import { mismatch } from "../../../js/client/mismatch.js";
import { api, type AppMutationCtx, startBackend } from "../support/backend.js";
import { bytes } from "../support/keys.js";

// The validators for the `returns` of an app's functions accept what stores return, whatever may be
// in it, and nothing with a field more.

const kv = kvClientFactory(api);
const value = v.object({ n: v.number() });
const store = kv.use(["s"], value);
const numbers = kv.use<number>(["n"]);

type Run = (ctx: AppMutationCtx) => Promise<unknown>;

const none = v.null();
const either = (validator: GenericValidator) => v.union(none, validator as typeof none);
const all = (validator: GenericValidator) => v.array(validator as typeof none);

const paging = (numItems: number) => ({ numItems, cursor: null });

// What they are run on: entries with and without all that an entry may have, more than a page of
// them.
async function fill(ctx: AppMutationCtx) {
  await store.set(ctx, ["full"], { n: 1 }, { metadata: { a: [1n] }, expiresAt: 9e15 });
  await store.set(ctx, [0, -0, 1n, true, null, bytes(1)], { n: 2 });
  await store.set(ctx, ["tree", "leaf"], { n: 3 });
}

const many = (ctx: AppMutationCtx) => store.getManyWithMetadata(ctx, [["full"], ["none"]]);

const cases: [string, GenericValidator, Run][] = [
  ["getWithMetadata", either(vEntry(value)), (ctx) => store.getWithMetadata(ctx, ["full"])],
  ["getWithMetadata of none", either(vEntry(value)), (ctx) => store.getWithMetadata(ctx, ["x"])],
  ["getAll", all(vEntry(value)), (ctx) => store.getAll(ctx, [])],
  [
    "getAll without values",
    all(vEntryInfo),
    (ctx) => store.getAll(ctx, [], { includeValues: false }),
  ],
  ["first", either(vEntry(value)), (ctx) => store.first(ctx, [])],
  ["last", either(vEntryInfo), (ctx) => store.last(ctx, [], { includeValues: false })],
  ["list", vPage(vEntry(value)), (ctx) => store.list(ctx, [], { limit: 2 })],
  ["list of all", vPage(vEntryInfo), (ctx) => store.list(ctx, [], { includeValues: false })],
  ["paginate", vPaginationResult(vEntry(value)), (ctx) => store.paginate(ctx, [], paging(2))],
  ["keys", vKeysPage, (ctx) => store.keys(ctx, [])],
  ["the key of an entry", all(vKey), async (ctx) => (await store.keys(ctx, [])).keys],
  ["its parts", all(vKeyPart), async (ctx) => (await store.keys(ctx, [])).keys[0]],
  ["children", vChildrenPage, (ctx) => store.children(ctx, [])],
  ["one of them", all(vChild), async (ctx) => (await store.children(ctx, [])).children],
  ["count", vCountResult, (ctx) => store.count(ctx, [])],
  ["set", vSetResult, (ctx) => store.set(ctx, ["a"], { n: 1 })],
  ["set in the past", vSetResult, (ctx) => store.set(ctx, ["a"], { n: 1 }, { expiresAt: 0 })],
  ["setMany", all(vSetResult), (ctx) => store.setMany(ctx, [{ key: ["a"], value: { n: 1 } }])],
  ["commit", vCommitResult, (ctx) => store.atomic().delete(["full"]).commit(ctx)],
  [
    "a commit that takes",
    vCommitResult,
    (ctx) => store.atomic().take(["full"]).take(["none"]).commit(ctx),
  ],
  [
    "a commit on several stores",
    vCommitResult,
    (ctx) => kv.atomic().take(store, ["full"]).sum(numbers, ["n"], 1).commit(ctx),
  ],
  ["getManyWithMetadata", all(either(vEntry(value))), (ctx) => many(ctx)],
  [
    "a commit that fails",
    vCommitResult,
    (ctx) => numbers.atomic().check([1n, "a"], "no version").sum(["a"], 1).commit(ctx),
  ],
  ["deleteAll", vDeleteAllResult, (ctx) => store.deleteAll(ctx, [])],
  ["lock", either(vLock), (ctx) => store.lock(ctx, ["a"], { ttl: 1_000 })],
  ["lockState of none", either(vLockState), (ctx) => store.lockState(ctx, ["a"])],
  [
    "lockState",
    either(vLockState),
    async (ctx) => {
      await store.lock(ctx, ["a"], { ttl: 60_000, owner: "me" });
      return await store.lockState(ctx, ["a"]);
    },
  ],
  [
    "replaceAll",
    vReplaceAllResult,
    (ctx) => store.replaceAll(ctx, [], [{ key: ["a"], value: { n: 1 } }]),
  ],
  ["jobs of none", vJobsPage, (ctx) => store.jobs(ctx)],
  ["move", vMoveResult, (ctx) => store.move(ctx, ["tree"], ["other"])],
  ["copy", vCopyResult, (ctx) => store.copy(ctx, ["tree"], ["other"])],
];

describe("as the validator of a function's returns", () => {
  test.for(cases)("%s", async ([, returns, body]) => {
    const run = mutation({
      args: {},
      returns: returns as never,
      handler: async (ctx) => {
        await fill(ctx);
        return (await body(ctx)) as never;
      },
    });
    const { t } = startBackend({ modules: { "/convex/app.js": () => Promise.resolve({ run }) } });
    const result: unknown = await t.mutation(makeFunctionReference<"mutation">("app:run"), {});
    // Convex itself has accepted it; and it would not have, had it had a field more.
    expect(mismatch(returns, result)).toBeNull();
    const item: unknown = Array.isArray(result) ? result[0] : result;
    if (typeof item !== "object" || item === null) return;
    const more = { ...item, more: 1 };
    expect(mismatch(returns, Array.isArray(result) ? [more] : more)).not.toBeNull();
  });
});

describe("of what goes on in the background", () => {
  const limits = { documentsWritten: 60 };
  const large = async (work: (ctx: AppMutationCtx) => Promise<{ jobId?: string }>) => {
    const { t, run } = startBackend({ limits });
    for (let i = 0; i < 3; i++) {
      await run((ctx) =>
        numbers.setMany(
          ctx,
          Array.from({ length: 30 }, (_, j) => ({ key: ["from", i * 30 + j], value: j })),
        ),
      );
    }
    const result = await run(work);
    const job = await run((ctx) => numbers.job(ctx, result.jobId!));
    const listed = [await run((ctx) => numbers.jobs(ctx))];
    await t.finishAllScheduledFunctions(() => {});
    listed.push(await run((ctx) => numbers.jobs(ctx)));
    return [result, job, await run((ctx) => numbers.job(ctx, result.jobId!)), ...listed];
  };

  test.for([
    ["deleteAll", vDeleteAllResult, (ctx) => numbers.deleteAll(ctx, [])],
    [
      "replaceAll",
      vReplaceAllResult,
      (ctx) => numbers.replaceAll(ctx, [], [{ key: ["a"], value: 1 }]),
    ],
    ["move", vMoveResult, (ctx) => numbers.move(ctx, ["from"], ["to"])],
    ["copy", vCopyResult, (ctx) => numbers.copy(ctx, ["from"], ["to"])],
  ] as [string, GenericValidator, (ctx: AppMutationCtx) => Promise<{ jobId?: string }>][])(
    "%s",
    async ([, validator, work]) => {
      const [result, running, ended, ...listed] = await large(work);
      expect(result).toMatchObject({ hasMore: true, jobId: expect.any(String) as string });
      expect(mismatch(validator, result)).toBeNull();
      expect([running, ended]).toMatchObject([{ state: "running" }, { state: "done" }]);
      expect(mismatch(vJob, running)).toBeNull();
      expect(mismatch(vJob, ended)).toBeNull();
      expect(listed).toMatchObject([running, ended].map((job) => ({ jobs: [job] })));
      for (const page of listed) expect(mismatch(vJobsPage, page)).toBeNull();
    },
  );
});

test("their types are what the methods return", () => {
  type Returns<M extends keyof KeyValueStore<{ n: number }>> = Awaited<
    ReturnType<KeyValueStore<{ n: number }>[M]>
  >;
  expectTypeOf(vEntry(value).type).toEqualTypeOf<NonNullable<Returns<"getWithMetadata">>>();
  expectTypeOf(vKeysPage.type).toEqualTypeOf<Returns<"keys">>();
  expectTypeOf(vChildrenPage.type).toEqualTypeOf<Returns<"children">>();
  expectTypeOf(vCountResult.type).toEqualTypeOf<Returns<"count">>();
  expectTypeOf(vSetResult.type).toEqualTypeOf<Returns<"set">>();
  type Committed = Awaited<ReturnType<AtomicBuilder<{ n: number }, Key>["commit"]>>;
  expectTypeOf<Committed>().toExtend<typeof vCommitResult.type>();
  expectTypeOf(vDeleteAllResult.type).toEqualTypeOf<Returns<"deleteAll">>();
  expectTypeOf(vReplaceAllResult.type).toEqualTypeOf<Returns<"replaceAll">>();
  expectTypeOf(vMoveResult.type).toEqualTypeOf<Returns<"move">>();
  expectTypeOf(vCopyResult.type).toEqualTypeOf<Returns<"copy">>();
  expectTypeOf(vLock.type).toEqualTypeOf<NonNullable<Returns<"lock">>>();
  expectTypeOf(vLockState.type).toEqualTypeOf<NonNullable<Returns<"lockState">>>();
  expectTypeOf(vJobsPage.type).toEqualTypeOf<Returns<"jobs">>();
  expectTypeOf(vJob.type).toEqualTypeOf<NonNullable<Returns<"job">>>();
});
