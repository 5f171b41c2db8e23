import { mutationGeneric, paginationOptsValidator, queryGeneric } from "convex/server";
import { v, type Validator } from "convex/values";
import { deletionResult } from "../component/background/jobValidators.js";
import { selectorFields, vChild } from "../component/plans/scanValidators.js";
import { entryFields, vKey, vSetResult } from "../component/rows/entryValidators.js";
import { kvError } from "./errors.js";
import type { KeyPart } from "./key.js";
import type { KeyValueStore } from "./keyValueStore.js";
import { mismatch } from "./mismatch.js";
import type { RunMutation, RunQuery } from "./types.js";
import type { AnyValidator } from "./validator.js";

// A store's functions for clients: each of them asks a check, goes below the scope, and calls a
// method of the store. All files of an app that have a store load this, so it is brief.

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- what the validators have let in
type Args = any;
type AnyVal = Validator<unknown, "required", string>;

/** What a function takes, what it returns, and what it does in the store of the scope. */
type Form = [
  args: () => Record<string, Validator<unknown, "optional" | "required", string>>,
  returns: () => AnyVal,
  run: (store: KeyValueStore, ctx: RunQuery & RunMutation, args: Args) => Promise<unknown>,
];

// The platform asks what functions take and return when they are pushed, and in no call. So these are
// functions.
const oneKey = () => ({ key: vKey() });
const scan = () => ({ prefix: v.optional(vKey()), ...selectorFields() });
const pages = () => ({ ...scan(), paginationOpts: paginationOptsValidator });
const cursor = () => v.union(v.string(), v.null());
const ending = () => ({ isDone: v.boolean(), continueCursor: v.string() });

const orNull = (one: () => AnyVal) => () => v.union(v.null(), one());
const listOf = (one: () => AnyVal) => () => v.array(one());
// As paginationResultValidator of `convex/server`, which the oldest convex does not have.
const pageOf = (one: () => AnyVal) => () =>
  v.object({
    page: v.array(one()),
    ...ending(),
    splitCursor: v.optional(cursor()),
    pageStatus: v.optional(v.union(v.literal("SplitRecommended"), v.literal("SplitRequired"))),
  });

type ByKey = "get" | "getWithMetadata" | "has" | "touch" | "delete";
const byKey = (method: ByKey, returns: () => AnyVal = v.boolean): Form => [
  oneKey,
  returns,
  (store, ctx, { key }) => store[method](ctx, key),
];

/** The entries, with the keys that clients know. */
const relative = <E extends { key: KeyPart[] }>(store: KeyValueStore, entries: E[]): E[] =>
  entries.map((entry) => ({ ...entry, key: entry.key.slice(store["prefix"].length) }));

/** The functions of a store that checks its values with `validator`. */
function formsOf(validator: AnyValidator<unknown> | undefined) {
  const own = validator && "isConvexValidator" in validator ? validator : v.any();
  const value = () => own as AnyVal;
  const entry = () => v.object({ ...entryFields(), value: value() });
  const newEntry = () => ({
    ...oneKey(),
    value: value(),
    ifAbsent: v.optional(v.boolean()),
    whenLeft: v.optional(v.number()),
  });
  const ones = [1, 1n].filter((one) => !mismatch(own, one));
  const number = () => v.union(...ones.map((one) => (one === 1 ? v.number() : v.int64())));

  const reads: Record<string, Form> = {
    get: byKey("get", orNull(value)),
    getWithMetadata: [
      oneKey,
      orNull(entry),
      async (store, ctx, { key }) => {
        const entry = await store.getWithMetadata(ctx, key);
        return entry && relative(store, [entry])[0];
      },
    ],
    has: byKey("has"),
    getMany: [
      () => ({ keys: v.array(vKey()) }),
      listOf(orNull(value)),
      (store, ctx, { keys }) => store.getMany(ctx, keys),
    ],
  };
  const scans: Record<string, Form> = {
    getAll: [
      scan,
      listOf(entry),
      async (store, ctx, args) => relative(store, await store.getAll(ctx, args.prefix, args)),
    ],
    list: [
      pages,
      pageOf(entry),
      async (store, ctx, args) => {
        const page = await store.paginate(ctx, args.prefix, args.paginationOpts, args);
        return { ...page, page: relative(store, page.page) };
      },
    ],
    children: [
      pages,
      pageOf(vChild),
      (store, ctx, args) => store.paginateChildren(ctx, args.prefix, args.paginationOpts, args),
    ],
    count: [
      () => ({ ...scan(), limit: v.optional(v.number()), cursor: v.optional(cursor()) }),
      () => v.object({ count: v.number(), ...ending() }),
      (store, ctx, args) => store.count(ctx, args.prefix, args),
    ],
  };
  const writes: Record<string, Form> = {
    set: [newEntry, vSetResult, (store, ctx, args) => store.set(ctx, args.key, args.value, args)],
    setMany: [
      () => ({ entries: v.array(v.object(newEntry())) }),
      listOf(vSetResult),
      (store, ctx, { entries }) => store.setMany(ctx, entries),
    ],
    ...(ones[0] && {
      increment: [
        () => ({ ...oneKey(), by: v.optional(number()) }),
        number,
        (store, ctx, { key, by = ones[0] }) => store.increment(ctx, key, by),
      ],
    }),
    touch: byKey("touch"),
    remove: byKey("delete"),
    removeAll: [
      () => ({ prefix: vKey() }),
      () => v.object(deletionResult()),
      (store, ctx, { prefix }) => store.deleteAll(ctx, prefix),
    ],
  };
  return { reads, scans, writes };
}

type Ctx = RunQuery & RunMutation;
/** Of any data model. */
type Check = (ctx: Ctx, call?: object) => unknown;

/** What `clientApi` of a store does. */
export function clientApi(
  store: KeyValueStore,
  validator: AnyValidator<unknown> | undefined,
  options: Partial<
    Record<"checkRead" | "checkWrite" | "scope", Check> & { methods: string[] }
  > = {},
): Record<string, unknown> {
  const { reads, scans, writes } = formsOf(validator);
  const forms = { ...reads, ...scans, ...writes };
  const names = Object.keys(forms);
  const { checkRead, checkWrite, scope, methods } = { methods: names, ...options };
  // An option that is there and undefined, since modules import each other in a circle say, must not
  // stand for the whole store, or for all functions.
  const functions = [checkRead, checkWrite, "scope" in options ? scope : checkRead];
  if (
    !checkRead ||
    !checkWrite ||
    functions.some((one) => typeof one !== "function") ||
    !Array.isArray(methods) ||
    !methods.every((method) => names.includes(method))
  ) {
    throw kvError({
      code: "invalid_handler",
      message: `clientApi needs functions checkRead and checkWrite. It may have a function scope, and methods of ${names.join(", ")}.`,
    });
  }

  return Object.fromEntries(
    methods.map((method) => {
      const [args, returns, run] = forms[method]!;
      const [make, check] =
        method in writes ? [mutationGeneric, checkWrite] : [queryGeneric, checkRead];
      return [
        method,
        make({
          get args() {
            return args();
          },
          get returns() {
            return returns();
          },
          handler: async (ctx: Ctx, given: Args) => {
            const args = method in scans ? { prefix: [], ...given } : given;
            const verdict = await check(ctx, { method, ...args });
            if (verdict !== undefined && verdict !== true) throw forbidden(method);
            if (!scope) return await run(store, ctx, args);
            const parts = await scope(ctx);
            if (!Array.isArray(parts) || !parts.length || parts.includes(undefined)) {
              throw forbidden(method);
            }
            return await run(store.withPrefix(parts), ctx, args);
          },
        } as never),
      ];
    }),
  );
}

const forbidden = (method: string) =>
  kvError({ code: "forbidden", message: `This caller may not call ${method} so.` });
