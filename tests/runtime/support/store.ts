import type { Key, KeyPart, ListOptions, SetOptions } from "@hamzasaleemorg/convex-kv";
import type { ConvexHttpClient } from "convex/browser";
import { convexToJson, type Value } from "convex/values";
import { inject } from "vitest";
import { api } from "../app/convex/_generated/api.js";

// Files may share a deployment.
let stores = Math.floor(Math.random() * 1e9) * 1000;

/** A prefix that no other test uses, and no other run. */
export function ownPrefix(): KeyPart[] {
  return ["tests", inject("run"), ++stores];
}

/** Which of the app's modules the calls go through. */
export type Place = "query and mutation" | "mutation" | "action";

export const places: Place[] = ["query and mutation", "mutation", "action"];

export type Store = ReturnType<typeof storeOf>;

/** The store at a prefix, through functions of the app's: one request for each call. */
export function storeOf(
  http: ConvexHttpClient,
  prefix: Key = ownPrefix(),
  place: Place = "query and mutation",
) {
  const store = [...prefix];
  const inActions = place === "action";
  const read = {
    get: (key: Key) => ({ store, key: [...key] }),
    scan: <O>(prefix: Key, options: O) => ({ store, prefix: [...prefix], ...options }),
  };
  // Each of the three modules has the same functions, of another type.
  const reader = <Name extends keyof typeof api.queries>(name: Name) => {
    type Query = (typeof api.queries)[Name];
    return async (args: Query["_args"]): Promise<Query["_returnType"]> => {
      if (inActions) return await http.action(api.actions[name] as never, args as never);
      if (place === "mutation")
        return await http.mutation(api.mutations[name] as never, args as never);
      return await http.query(api.queries[name] as never, args as never);
    };
  };
  const writer = <Name extends "set" | "remove" | "deleteAll">(name: Name) => {
    type Mutation = (typeof api.mutations)[Name];
    return async (args: Mutation["_args"]): Promise<Mutation["_returnType"]> => {
      if (inActions) return await http.action(api.actions[name] as never, args as never);
      return await http.mutation(api.mutations[name] as never, args as never);
    };
  };
  return {
    prefix: store,
    get: (key: Key) => reader("get")(read.get(key)),
    getWithMetadata: (key: Key) => reader("getWithMetadata")(read.get(key)),
    has: (key: Key) => reader("has")(read.get(key)),
    list: (prefix: Key = [], options: ListOptions = {}) =>
      reader("list")(read.scan(prefix, options)),
    getAll: (prefix: Key = [], options: { includeValues?: boolean } = {}) =>
      reader("getAll")(read.scan(prefix, options)),
    set: (key: Key, value: Value, options: SetOptions = {}) =>
      writer("set")({ ...read.get(key), value, ...options }),
    delete: (key: Key) => writer("remove")(read.get(key)),
    deleteAll: (prefix: Key = []) => writer("deleteAll")(read.scan(prefix, {})),
    /** Entries 0, 1, … in one transaction. */
    fill: (count: number, options: { from?: number; bytes?: number; expiresAt?: number } = {}) =>
      http.mutation(api.transactions.fill, { store, count, ...options }),
  };
}

/** All pages of a prefix, each in a separate request. */
export async function pagesOf(
  store: Store,
  prefix: Key = [],
  options: Pick<ListOptions, "limit" | "includeValues"> = {},
) {
  const pages: Awaited<ReturnType<Store["list"]>>[] = [];
  let cursor: string | undefined;
  do {
    const page: Awaited<ReturnType<Store["list"]>> = await store.list(prefix, {
      ...options,
      ...(cursor !== undefined && { cursor }),
    });
    pages.push(page);
    cursor = page.isDone ? undefined : page.continueCursor;
  } while (cursor !== undefined);
  return pages;
}

/** The keys below the store's own prefix. */
export function keysOf(store: Store, entries: readonly { key: KeyPart[] }[]): KeyPart[][] {
  return entries.map(({ key }) => key.slice(store.prefix.length));
}

/** The keys' last parts. */
export function namesOf(entries: readonly { key: KeyPart[] }[]): (KeyPart | undefined)[] {
  return entries.map(({ key }) => key.at(-1));
}

/** As text, since -0 and 0, and bytes, are to be told apart. */
export function exactly(value: Value | Value[]): string {
  return JSON.stringify(convexToJson(value));
}

export function bytes(...values: number[]): ArrayBuffer {
  return new Uint8Array(values).buffer;
}
