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

export type Store = ReturnType<typeof storeOf>;

/** The store at a prefix, through functions of the app's: one request for each call. */
export function storeOf(http: ConvexHttpClient, prefix: Key = ownPrefix()) {
  const store = [...prefix];
  const at = (key: Key) => ({ store, key: [...key] });
  const below = (prefix: Key) => ({ store, prefix: [...prefix] });
  return {
    prefix: store,
    get: (key: Key) => http.query(api.queries.get, at(key)),
    getWithMetadata: (key: Key) => http.query(api.queries.getWithMetadata, at(key)),
    has: (key: Key) => http.query(api.queries.has, at(key)),
    list: (prefix: Key = [], options: ListOptions = {}) =>
      http.query(api.queries.list, { ...below(prefix), ...options }),
    getAll: (prefix: Key = [], options: { includeValues?: boolean } = {}) =>
      http.query(api.queries.getAll, { ...below(prefix), ...options }),
    set: (key: Key, value: Value, options: SetOptions = {}) =>
      http.mutation(api.mutations.set, { ...at(key), value, ...options }),
    delete: (key: Key) => http.mutation(api.mutations.remove, at(key)),
    deleteAll: (prefix: Key = []) => http.mutation(api.mutations.deleteAll, below(prefix)),
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
