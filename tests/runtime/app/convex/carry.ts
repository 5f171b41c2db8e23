import type {
  ComponentApi,
  Counter,
  ExpireOptions,
  ExpiryHandler,
  Key,
  KeyValueStore,
  KvClient,
  RunMutation,
  RunQuery,
  Selector,
  SetOptions,
  Sliding,
  TransferOptions,
} from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";

// Any call of any store, as data: it crosses from a test to the app's functions. Tests make such
// calls themselves too, so nothing is imported here but types.

export interface Scan extends Selector {
  prefix: Key;
  limit?: number;
  cursor?: string;
  endCursor?: string;
  includeValues?: boolean;
}

export type AtomicStep =
  | { do: "set"; key: Key; value: Value; options: SetOptions }
  | { do: "delete"; key: Key }
  | { do: "take"; key: Key }
  | { do: "sum" | "min" | "max"; key: Key; by: number | bigint; options: SetOptions };

export type Call =
  | { do: "get" | "getWithMetadata" | "has" | "ttl" | "delete" | "take"; key: Key }
  | { do: "persist" | "touch"; key: Key }
  | { do: "getMany" | "getManyWithMetadata" | "deleteMany"; keys: Key[] }
  | { do: "list" | "keys" | "paginate" | "count" | "children"; scan: Scan }
  | { do: "getAll" | "first" | "last" | "deleteAll"; scan: Scan }
  | { do: "entries"; scan: Scan; batchSize: number }
  | { do: "job"; id: string }
  | { do: "set"; key: Key; value: Value; options: SetOptions }
  | { do: "setMany"; entries: ({ key: Key; value: Value } & SetOptions)[] }
  | { do: "replaceAll"; scan: Scan; entries: ({ key: Key; value: Value } & SetOptions)[] }
  | { do: "increment"; key: Key; by: number | bigint; options: SetOptions }
  /** Of a counter with one shard: which one is no chance then. */
  | { do: "addToCount"; key: Key; by: number | bigint }
  | { do: "readCount"; prefix: Key }
  /** Without `to` it deletes. */
  | { do: "update"; key: Key; to?: Value; options: SetOptions }
  | { do: "expire"; key: Key; options: ExpireOptions }
  | {
      do: "atomic";
      checks: { key: Key; version: string | null }[];
      empty?: Key[];
      steps: AtomicStep[];
    }
  | ({ do: "move" | "copy"; from: Key; to: Key } & Required<TransferOptions>)
  | { do: "vacuum" };

export interface StoreCall {
  /** `tells`: it has `onExpire`, if there is one. */
  store: {
    prefix: Key;
    exact?: true;
    tells?: true;
    metadata?: Value;
    ttl?: number;
    sliding?: Sliding;
  };
  call: Call;
}

/** What came of a call: what it returned (null if that is nothing), or the code of its error. */
export type Outcome = { result: Value } | { refused: string };

type Ctx = RunQuery & RunMutation;

/** What calls are made with. */
export interface Made {
  kv: KvClient;
  component: ComponentApi;
  onExpire?: ExpiryHandler;
}

type AnyStore = KeyValueStore<Value | undefined>;

/** Makes one call after another. An error of the package's does not end them. */
export async function carryAll(
  { kv, component, onExpire }: Made,
  ctx: Ctx,
  calls: StoreCall[],
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const { store, call } of calls) {
    const { prefix, exact, tells, ...rest } = store;
    const options = {
      ...(exact && { expiry: "exact" as const }),
      ...(tells && { onExpire }),
      ...rest,
    };
    // By another way if there is one: the stores are the same.
    const made: AnyStore = kv
      .use<Value | undefined>(prefix.slice(0, 1), options)
      .withPrefix(prefix.slice(1));
    const counter = kv.counter(prefix, { shards: 1 });
    try {
      outcomes.push({
        result: ((await carry({ kv, component }, made, counter, ctx, call)) ?? null) as Value,
      });
    } catch (error) {
      const { data } = error as { data?: { code?: unknown } };
      if (typeof data?.code !== "string") throw error;
      outcomes.push({ refused: data.code });
    }
  }
  return outcomes;
}

async function carry(
  { kv, component }: Made,
  store: AnyStore,
  counter: Counter,
  ctx: Ctx,
  call: Call,
): Promise<unknown> {
  switch (call.do) {
    case "get":
    case "getWithMetadata":
    case "has":
    case "ttl":
    case "delete":
    case "take":
    case "persist":
    case "touch":
      return await store[call.do](ctx, call.key);
    case "getMany":
    case "getManyWithMetadata":
    case "deleteMany":
      return await store[call.do](ctx, call.keys);
    case "list":
    case "keys":
    case "count":
    case "children":
    case "getAll":
    case "first":
    case "last":
    case "deleteAll": {
      const { prefix, ...options } = call.scan;
      type Read = (ctx: Ctx, prefix: Key, options: object) => Promise<unknown>;
      return await (store[call.do] as Read).call(store, ctx, prefix, options);
    }
    case "paginate": {
      const { prefix, limit = 100, cursor = null, endCursor, ...options } = call.scan;
      const paging = { numItems: limit, cursor, ...(endCursor !== undefined && { endCursor }) };
      return await store.paginate(ctx, prefix, paging, options);
    }
    case "entries": {
      const { prefix, ...options } = call.scan;
      const found: unknown[] = [];
      const { batchSize } = call;
      for await (const entry of store.entries(ctx, prefix, { ...options, batchSize })) {
        found.push(entry);
      }
      return found;
    }
    case "job":
      return await store.job(ctx, call.id);
    case "set":
      return await store.set(ctx, call.key, call.value, call.options);
    case "setMany":
      return await store.setMany(ctx, call.entries);
    case "replaceAll": {
      const { prefix, ...options } = call.scan;
      return await store.replaceAll(ctx, prefix, call.entries, options);
    }
    case "increment":
      return await store.increment(ctx, call.key, call.by as number, call.options);
    case "addToCount":
      return await counter.add(ctx, call.key, call.by as number);
    case "readCount":
      return await counter.read(ctx, call.prefix);
    case "update": {
      let seen: unknown;
      const change = (value: unknown) => {
        seen = value;
        return call.to;
      };
      const made = await store.update(ctx, call.key, change, call.options);
      return { seen, made };
    }
    case "expire":
      return await store.expire(ctx, call.key, call.options);
    case "atomic": {
      // By either builder: they do the same.
      const commit = call.steps.length % 2 === 0 ? store.atomic() : onlyOn(store, kv.atomic());
      for (const { key, version } of call.checks) commit.check(key, version);
      for (const prefix of call.empty ?? []) commit.checkEmpty(prefix);
      for (const step of call.steps) {
        if (step.do === "set") commit.set(step.key, step.value, step.options);
        else if (step.do === "delete" || step.do === "take") commit[step.do](step.key);
        else commit[step.do](step.key, step.by, step.options);
      }
      return await commit.commit(ctx);
    }
    case "move":
    case "copy":
      return await store[call.do](ctx, call.from, call.to, { onConflict: call.onConflict });
    case "vacuum":
      return await ctx.runMutation(component.kv.vacuum);
  }
}

type OfStore = Pick<
  ReturnType<AnyStore["atomic"]>,
  "check" | "checkEmpty" | "set" | "delete" | "take" | "sum" | "min" | "max" | "commit"
>;

/** A builder of several stores as one of this store alone. */
function onlyOn(store: AnyStore, several: ReturnType<KvClient["atomic"]>): OfStore {
  const names = ["check", "checkEmpty", "set", "delete", "take", "sum", "min", "max"] as const;
  const builder = Object.fromEntries(
    names.map((name) => [
      name,
      (...args: unknown[]) => {
        (several[name] as (...args: unknown[]) => unknown)(store, ...args);
        return builder;
      },
    ]),
  ) as unknown as OfStore;
  builder.commit = async (ctx) => {
    const result = await several.commit(ctx);
    if (result.ok) return result as never;
    return { ok: false, failed: result.failed.map(({ key }) => key) };
  };
  return builder;
}
