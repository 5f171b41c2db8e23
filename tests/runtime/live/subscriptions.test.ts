import type { DeleteAllResult, EntryInfo } from "@hamzasaleemorg/convex-kv";
import type { ConvexClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { needs, useBackend } from "../support/backend.js";
import { watch } from "../support/live.js";
import { namesOf, ownPrefix, storeOf, type Store } from "../support/store.js";

// Subscriptions of the official client hear of what they read, and of nothing else.

const backend = useBackend({ prefers: ["calls"] });

/** How often the app's functions of that name ran meanwhile. */
async function runsOf(name: string, work: () => Promise<unknown>): Promise<number> {
  const calls = await backend.callsDuring(work);
  return calls.filter((call) => call.component === "" && call.name === name).length;
}

/**
 * Waits until the client has heard of all that was written so far: an update brings all of a
 * client's queries up to date at once.
 */
async function caughtUp(client: ConvexClient): Promise<void> {
  const beacon = storeOf(backend.http);
  const seen = await watch(client, api.queries.has, { store: beacon.prefix, key: ["beacon"] });
  await beacon.set(["beacon"], 1);
  await seen.until((has) => has === true);
  seen.stop();
}

function liveGet(client: ConvexClient, { prefix: store }: Store, name = "k") {
  return watch(client, api.queries.get, { store, key: [name] });
}

test("a value that one client writes reaches the other's subscription", async () => {
  const store = storeOf(backend.http);
  await store.set(["k"], 1);
  const live = await liveGet(backend.live(), store);
  expect(live.latest).toBe(1);
  await backend
    .live()
    .mutation(api.mutations.set, { store: store.prefix, key: ["k"], value: { n: 2n } });
  await live.until((value) => value !== 1);
  expect(live.updates).toEqual([1, { n: 2n }]);
});

test("a subscription to a missing key hears of its creation, deletion and return", async () => {
  const store = storeOf(backend.http);
  const live = await liveGet(backend.live(), store);
  expect(live.latest).toBeNull();
  await store.set(["k"], "here");
  await live.until((value) => value === "here");
  await store.delete(["k"]);
  await live.until((value) => value === null);
  await store.set(["k"], "again");
  await live.until((value) => value === "again");
  await store.deleteAll();
  await live.until((value) => value === null);
  expect(live.updates).toEqual([null, "here", null, "again", null]);
});

test("a deletion of more than its transaction deletes is heard of as one", async () => {
  const store = storeOf(backend.http);
  await store.fill(100);
  const { prefix } = store;
  const client = backend.live();
  const live = await watch(client, api.queries.getAll, { store: prefix, prefix: [] });
  const limits = { documentsWritten: 30 };
  const deleteAll = makeFunctionReference<"mutation">("lower:deleteAll");
  const { jobId } = (await backend.http.mutation(deleteAll, { prefix, limits })) as DeleteAllResult;
  await store.set([7], "new");
  const job = () => backend.http.query(api.many.job, { jobId: jobId! });
  if (jobId !== undefined) await backend.until(async () => (await job())?.state === "done");
  await caughtUp(client);
  const counts = live.updates.map((entries) => (entries as EntryInfo[]).length);
  expect([...new Set(counts)]).toEqual([100, 0, 1]);
});

test("a write from an action reaches it too", async () => {
  const store = storeOf(backend.http);
  const live = await liveGet(backend.live(), store);
  const write = { do: "set" as const, store: store.prefix, key: ["k"], value: "from an action" };
  await backend.http.action(api.transactions.act, { steps: [write] });
  await live.until((value) => value === "from an action");
});

test("metadata and expiry are heard of", async () => {
  const store = storeOf(backend.http);
  await store.set(["k"], 1);
  const client = backend.live();
  const live = await watch(client, api.queries.getWithMetadata, {
    store: store.prefix,
    key: ["k"],
  });
  const expiresAt = Date.now() + 9e9;
  await store.set(["k"], 1, { metadata: "m", expiresAt });
  await live.until((entry) => (entry as EntryInfo).metadata === "m");
  expect(live.latest).toMatchObject({ value: 1, metadata: "m", expiresAt });
});

describe("does not run again", () => {
  needs("calls");

  test("get and has, for a write of another key, a prefix, or one below", async () => {
    const store = storeOf(backend.http);
    const missing = storeOf(backend.http);
    await store.set(["k"], 1);
    const client = backend.live();
    await liveGet(client, store);
    await liveGet(client, missing);
    const elsewhere = [["j"], ["l"], ["k\0"], ["kk"], ["k", "below"], []];
    const writeElsewhere = async () => {
      for (const key of elsewhere) {
        await store.set(key, 0);
        await missing.set(key, 0);
      }
      await store.delete(["j"]);
      await storeOf(backend.http, [...store.prefix, "l"]).deleteAll();
      await caughtUp(client);
    };
    expect(await runsOf("queries:get", writeElsewhere)).toBe(0);
    const writeHere = async () => {
      await store.set(["k"], 2);
      await missing.set(["k"], 2);
      await caughtUp(client);
    };
    expect(await runsOf("queries:get", writeHere)).toBe(2);
  });

  test("a listing, for a write of another prefix", async () => {
    const { prefix } = storeOf(backend.http);
    const at = (name: string) => storeOf(backend.http, [...prefix, name]);
    const store = at("b");
    await store.fill(3);
    const client = backend.live();
    const args = { store: store.prefix, prefix: [] };
    const live = await watch(client, api.queries.getAll, args);
    await watch(client, api.queries.list, args);
    const writeElsewhere = async () => {
      for (const name of ["a", "b\0", "bb", "c"]) await at(name).fill(2);
      await storeOf(backend.http, prefix).set([], 0);
      await at("bb").deleteAll();
      await caughtUp(client);
    };
    const elsewhere = await backend.callsDuring(writeElsewhere);
    expect(elsewhere.map(({ name }) => name)).not.toContain("queries:getAll");
    expect(elsewhere.map(({ name }) => name)).not.toContain("queries:list");
    await store.set([], "the entry at the prefix");
    await live.until((entries) => (entries as EntryInfo[]).length === 4);
  });

  test("a page, for a write beyond what it needed to read", async () => {
    const store = storeOf(backend.http);
    await store.fill(20);
    const client = backend.live();
    const live = await watch(client, api.queries.list, {
      store: store.prefix,
      prefix: [],
      limit: 5,
      includeValues: false,
    });
    const names = () => namesOf((live.latest as { entries: EntryInfo[] }).entries);
    expect(names()).toEqual([0, 1, 2, 3, 4]);
    const writeBeyond = async () => {
      // The page reads one entry more than it shows: 5 tells that it is not the last one.
      for (const name of [6, 5.5, 12, 19, 99]) await store.set([name], "new");
      await store.delete([7]);
      await caughtUp(client);
    };
    expect(await runsOf("queries:list", writeBeyond)).toBe(0);
    expect(
      await runsOf("queries:list", async () => {
        await store.set([2.5], "within");
        await live.until(() => names().includes(2.5));
      }),
    ).toBe(1);
    expect(names()).toEqual([0, 1, 2, 2.5, 3]);
    await store.delete([0]);
    await live.until(() => !names().includes(0));
    expect(names()).toEqual([1, 2, 2.5, 3, 4]);
  });

  test("a second page, for a write before it", async () => {
    const { writeBefore } = await secondPage(backend.live());
    expect(await runsOf("queries:list", writeBefore)).toBe(0);
  });

  test("once it is unsubscribed", async () => {
    const store = storeOf(backend.http);
    const client = backend.live();
    const live = await liveGet(client, store);
    expect(
      await runsOf("queries:get", async () => {
        await store.set(["k"], 1);
        await live.until((value) => value === 1);
      }),
    ).toBe(1);
    live.stop();
    expect(
      await runsOf("queries:get", async () => {
        await caughtUp(client);
        await store.set(["k"], 2);
        await caughtUp(client);
      }),
    ).toBe(0);
    expect(live.updates).toEqual([null, 1]);
  });

  test("for a mutation that fails after it wrote", async () => {
    const store = storeOf(backend.http);
    await store.set(["k"], 1);
    const client = backend.live();
    const live = await liveGet(client, store);
    const steps = [{ do: "set" as const, store: store.prefix, key: ["k"], value: 2 }];
    const failed = async () => {
      const call = client.mutation(api.transactions.write, { steps, fail: true });
      await expect(call).rejects.toThrow(ConvexError);
      await caughtUp(client);
    };
    expect(await runsOf("queries:get", failed)).toBe(0);
    expect(live.updates).toEqual([1]);
  });
});

/** The second of three pages of ten entries: 4 to 7. */
async function secondPage(client: ConvexClient) {
  const store = storeOf(backend.http);
  await store.fill(10);
  const { continueCursor } = await store.list([], { limit: 4 });
  const live = await watch(client, api.queries.list, {
    store: store.prefix,
    prefix: [],
    limit: 4,
    cursor: continueCursor,
  });
  const names = () => namesOf((live.latest as { entries: EntryInfo[] }).entries);
  expect(names()).toEqual([4, 5, 6, 7]);
  const writeBefore = async () => {
    for (const name of [0, 3, 2.5]) await store.set([name], "new");
    await caughtUp(client);
  };
  return { store, live, names, writeBefore };
}

test("a second page goes on hearing of its own entries", async () => {
  const { store, live, names, writeBefore } = await secondPage(backend.live());
  await writeBefore();
  expect(live.updates).toHaveLength(1);
  await store.set([3.5], "between the pages");
  await live.until(() => names().includes(3.5));
  expect(names()).toEqual([3.5, 4, 5, 6]);
});

test("two subscriptions of a client change together", async () => {
  const [one, other] = [storeOf(backend.http), storeOf(backend.http)];
  const client = backend.live();
  // Each time that one of them changes: what both hold.
  const seen: unknown[] = [];
  const move = (from: Store, to: Store) => [
    { do: "delete" as const, store: from.prefix, key: ["k"] },
    { do: "set" as const, store: to.prefix, key: ["k"], value: "token" },
  ];
  await one.set(["k"], "token");
  const lives = [await liveGet(client, one), await liveGet(client, other)];
  const local = ({ prefix: store }: Store) =>
    client.client.localQueryResult("queries:get", { store, key: ["k"] });
  client.client.addOnTransitionHandler(() => seen.push([local(one), local(other)]));
  await backend.http.mutation(api.transactions.write, { steps: move(one, other) });
  await lives[1]!.until((value) => value === "token");
  await backend.http.mutation(api.transactions.write, { steps: move(other, one) });
  await lives[0]!.until((value) => value === "token");
  // Never in both places, and never in none.
  expect(seen).toEqual([
    [null, "token"],
    ["token", null],
  ]);
});

test("two clients with the same query both hear", async () => {
  const store = storeOf(backend.http);
  const lives = [await liveGet(backend.live(), store), await liveGet(backend.live(), store)];
  await store.set(["k"], 1);
  for (const live of lives) await live.until((value) => value === 1);
});

test("a query that fails becomes an error with its data, and recovers", async () => {
  const language = crypto.randomUUID();
  const client = backend.live();
  const live = await watch(client, api.greetings.read, { language });
  expect(live.latest).toBeInstanceOf(ConvexError);
  expect((live.latest as ConvexError<never>).data).toEqual({ missing: language });
  await client.mutation(api.greetings.write, { language, greeting: "Servus" });
  expect(await live.until((latest) => !(latest instanceof Error))).toBe("Servus");
  await client.mutation(api.greetings.write, { language, greeting: null });
  await live.until((latest) => latest instanceof ConvexError);
});

test("a query with an invalid cursor is an error with the package's code", async () => {
  const store = storeOf(backend.http);
  await store.fill(2);
  const { continueCursor } = await store.list([], { limit: 1 });
  const elsewhere = { store: ownPrefix(), prefix: [], cursor: continueCursor };
  const live = await watch(backend.live(), api.queries.list, elsewhere);
  expect(live.latest).toBeInstanceOf(ConvexError);
  expect((live.latest as ConvexError<never>).data).toMatchObject({ code: "invalid_cursor" });
});

describe("a mutation of the client's own", () => {
  test("is done when its own subscriptions show it", async () => {
    const { prefix: store } = storeOf(backend.http);
    const client = backend.live();
    const args = { store, key: ["n"] };
    await watch(client, api.queries.get, args);
    const local = () => client.client.localQueryResult("queries:get", args);
    for (let value = 1; value <= 5; value++) {
      await client.mutation(api.mutations.set, { ...args, value });
      expect(local()).toBe(value);
    }
  });

  test("shows its optimistic value at once, and then what was written", async () => {
    const { prefix: store } = storeOf(backend.http);
    const client = backend.live();
    const args = { store, key: ["n"] };
    const live = await watch(client, api.queries.get, args);
    const local = () => client.client.localQueryResult("queries:get", args);
    const done = client.mutation(
      api.mutations.set,
      { ...args, value: "written" },
      { optimisticUpdate: (local) => local.setQuery(api.queries.get, args, "hoped for") },
    );
    expect(local()).toBe("hoped for");
    await done;
    expect(local()).toBe("written");
    await live.until((value) => value === "written");
    expect(live.updates).toEqual([null, "hoped for", "written"]);
  });

  test("several run one after another, in the order of the calls", async () => {
    const { prefix: store } = storeOf(backend.http);
    const client = backend.live();
    const live = await watch(client, api.queries.getAll, { store, prefix: [] });
    const set = (i: number) =>
      client.mutation(api.transactions.write, {
        steps: [
          { do: "getAll", store, prefix: [] },
          { do: "set", store, key: [i], value: i },
        ],
      });
    const results = await Promise.all([0, 1, 2, 3].map(set));
    expect(results.map((result) => (result as unknown[][])[0]!.length)).toEqual([0, 1, 2, 3]);
    expect(namesOf(live.latest as EntryInfo[])).toEqual([0, 1, 2, 3]);
  });
});
