import type { JobsPage, Key, KeyPart, ListedJob, Page } from "@hamzasaleemorg/convex-kv";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { makeCalls } from "../support/calls.js";
import { type Store, storeOf } from "../support/store.js";

// A caller gives calls lower limits. A `convex` that does not know them yet ignores them.

const COUNT = 200;
const limits = { documentsWritten: 50, documentsRead: 100 };
const isLimited = inject("hasMeta");

const backend = useBackend({ needs: ["clock"] });
let store: Store;
beforeEach(async () => {
  store = storeOf(backend.http);
  const entries = Array.from({ length: COUNT }, (_, i) => ({ key: [i], value: i, ttl: 60_000 }));
  await makeCalls(backend, "mutation", [
    { store: { prefix: store.prefix }, call: { do: "setMany", entries } },
  ]);
});

const write = (name: string, more: object = {}): Promise<Record<string, unknown>> =>
  backend.http.mutation(makeFunctionReference<"mutation">(`lower:${name}`), {
    prefix: store.prefix,
    limits,
    ...more,
  }) as Promise<Record<string, unknown>>;
const read = (name: string): Promise<unknown> =>
  backend.http.query(makeFunctionReference<"query">(`lower:${name}`), {
    prefix: store.prefix,
    limits,
  });

describe("does some now and the rest in the background:", () => {
  function expectSome(count: unknown, isMore: boolean): void {
    expect(isMore).toBe(isLimited);
    if (isLimited) expect(count).toBeLessThan(COUNT);
    else expect(count).toBe(COUNT);
    expect(count).toBeGreaterThan(10);
  }

  test("deleteAll", async () => {
    const { deletedCount, hasMore } = await write("deleteAll");
    expectSome(deletedCount, hasMore as boolean);
    await backend.advance(0);
    expect(await store.getAll()).toEqual([]);
  });

  test("move", async () => {
    const to = [...store.prefix.slice(0, -1), "moved", store.prefix.at(-1)!];
    const { movedCount, hasMore } = await write("move", { to });
    expectSome(movedCount, hasMore as boolean);
    await backend.advance(0);
    expect(await store.getAll()).toEqual([]);
    const moved = storeOf(backend.http, to);
    expect(await moved.getAll()).toHaveLength(COUNT);
    // The vacuum of another test counts all that has expired.
    await moved.deleteAll();
  });

  test("vacuum", async () => {
    await backend.advance(60_000);
    const { count, jobId } = await write("vacuum");
    expectSome(count, jobId !== undefined);
    await backend.advance(0);
    expect(await write("vacuum")).toEqual({ count: 0 });
  });
});

test("jobs are listed by the stores that they are of, page by page", async () => {
  const jobs = async (prefix: Key): Promise<ListedJob[]> => {
    const found: ListedJob[] = [];
    let cursor: string | null = null;
    do {
      const args = { store: prefix as KeyPart[], limit: 1, cursor };
      const page: JobsPage = await backend.http.query(api.many.jobs, args);
      found.push(...page.jobs);
      cursor = page.isDone ? null : page.continueCursor;
    } while (cursor !== null);
    return found;
  };
  const prefixes = [store.prefix, [...store.prefix, 0]];
  const ids: unknown[] = [];
  for (const prefix of prefixes) {
    await storeOf(backend.http, prefix).fill(100);
    ids.push((await write("deleteAll", { prefix })).jobId);
  }
  const own = isLimited ? ids.map((id, i) => ({ id, prefixes: [prefixes[i]] })).reverse() : [];
  expect(await jobs(store.prefix)).toMatchObject(own);
  expect(await jobs(prefixes[1]!)).toMatchObject(own.slice(0, 1));
  expect(await jobs([...store.prefix, 1])).toEqual([]);
  await backend.advance(0);
  const ended = await jobs(store.prefix);
  expect(ended.map(({ id }) => id).sort()).toEqual(own.map(({ id }) => id).sort());
  for (const job of ended) expect(job.state).toBe("done");
});

test("list gives a shorter page, and getAll says that it is too much", async () => {
  const { entries, isDone } = (await read("list")) as Page<unknown>;
  expect(isDone).toBe(false);
  expect(entries).toHaveLength(isLimited ? 99 : 150);
  const error: unknown = await read("getAll").catch((error: unknown) => error);
  if (!isLimited) return expect(error).toHaveLength(COUNT);
  expect(error).toBeInstanceOf(ConvexError);
  expect((error as ConvexError<{ code: string }>).data.code).toBe("too_many_entries");
});
