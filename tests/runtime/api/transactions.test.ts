import type { EntryInfo, Page } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { dataThrownBy } from "../support/errors.js";
import { namesOf, storeOf } from "../support/store.js";

// Several operations in one function are one transaction, or one snapshot; in an action each is its
// own.

const backend = useBackend();

type Step = (typeof api.transactions.write)["_args"]["steps"][number];

/** Steps on a store of one's own. */
function newSteps() {
  const store = storeOf(backend.http);
  const at = (name: string) => ({ store: store.prefix, key: [name] });
  const below = { store: store.prefix, prefix: [] };
  return {
    store,
    set: (name: string, value: unknown): Step => ({ do: "set", ...at(name), value }),
    get: (name: string) => ({ do: "get" as const, ...at(name) }),
    has: (name: string) => ({ do: "has" as const, ...at(name) }),
    remove: (name: string): Step => ({ do: "delete", ...at(name) }),
    deleteAll: { do: "deleteAll", ...below } satisfies Step,
    list: (limit: number) => ({ do: "list" as const, ...below, limit }),
    getAll: { do: "getAll" as const, ...below },
  };
}

describe("a mutation", () => {
  test("reads what it wrote", async () => {
    const { store, set, get, has, remove, list, getAll, deleteAll } = newSteps();
    await store.set(["a"], "old");
    const results = await backend.http.mutation(api.transactions.write, {
      steps: [
        ...[get("a"), set("a", "new"), get("a"), set("b", 2), list(10), remove("a"), has("a")],
        ...[getAll, deleteAll, getAll, set("c", 3), getAll],
      ],
    });
    const [before, , after, , page, , has_, all, deletion, none, , last] = results as unknown[];
    expect(before).toBe("old");
    expect(after).toBe("new");
    expect(namesOf((page as Page<EntryInfo>).entries)).toEqual(["a", "b"]);
    expect(has_).toBe(false);
    expect(namesOf(all as EntryInfo[])).toEqual(["b"]);
    expect(deletion).toEqual({ deletedCount: 1, hasMore: false });
    expect(none).toEqual([]);
    expect(namesOf(last as EntryInfo[])).toEqual(["c"]);
    expect(namesOf(await store.getAll())).toEqual(["c"]);
  });

  test("that throws after its writes leaves nothing of them", async () => {
    const { store, set, remove, deleteAll } = newSteps();
    await store.set(["kept"], "old", { metadata: "m" });
    await store.set(["removed"], 1);
    const before = await store.getAll();
    const steps = [set("a", 1), set("kept", "new"), remove("removed"), deleteAll, set("b", 2)];
    const failing = backend.http.mutation(api.transactions.write, { steps, fail: true });
    expect(await dataThrownBy(failing)).toEqual({ reason: "on purpose", results: 5 });
    expect(await store.getAll()).toStrictEqual(before);
  });

  test("that does not catch the package's error leaves nothing either", async () => {
    const { store, set } = newSteps();
    const wrong: Step = { ...set("c", 1), ttl: -1 } as Step;
    const failing = backend.http.mutation(api.transactions.write, {
      steps: [set("a", 1), wrong, set("b", 2)],
    });
    expect(await dataThrownBy(failing)).toMatchObject({ code: "invalid_expiry" });
    expect(await store.getAll()).toEqual([]);
  });

  test("that catches it goes on, and keeps the rest", async () => {
    const { store, set, list, get } = newSteps();
    const results = await backend.http.mutation(api.transactions.writeAndCatch, {
      steps: [
        set("a", 1),
        { ...set("a", 2), expiresAt: NaN } as Step,
        { ...set("\ud83d\ude00".repeat(600), 3) },
        set("large", "x".repeat((8 << 20) + 1)),
        list(0),
        { ...list(1), cursor: "?" },
        get("a"),
        set("b", 2),
      ],
    });
    const written = { written: true, version: expect.any(String) as string };
    expect(results).toEqual([
      ...[written, "invalid_expiry", "invalid_key", "invalid_value", "invalid_limit"],
      ...["invalid_cursor", 1, written],
    ]);
    expect(namesOf(await store.getAll())).toEqual(["a", "b"]);
  });

  test("does many at once", async () => {
    const { store, set, getAll } = newSteps();
    const names = Array.from({ length: 30 }, (_, i) => String(i).padStart(2, "0"));
    const results = await backend.http.mutation(api.transactions.writeTogether, {
      steps: names.map((name) => set(name, name)),
    });
    expect(results).toMatchObject(names.map(() => ({ written: true })));
    const [all] = await backend.http.query(api.transactions.read, { steps: [getAll] });
    expect(namesOf(all as EntryInfo[])).toEqual(names);
    expect(namesOf(await store.getAll())).toEqual(names);
  });
});

describe("a query", () => {
  test("sees one snapshot, in turn and all at once", async () => {
    const { store, get, has, list, getAll } = newSteps();
    await store.fill(3);
    await store.set(["k"], "v");
    const steps = [get("k"), has("k"), has("j"), list(2), getAll];
    for (const read of [api.transactions.read, api.transactions.readTogether]) {
      const [value, has, hasNone, page, all] = (await backend.http.query(read, {
        steps,
      })) as unknown[];
      expect([value, has, hasNone]).toEqual(["v", true, false]);
      expect(namesOf((page as Page<EntryInfo>).entries)).toEqual([0, 1]);
      expect(namesOf(all as EntryInfo[])).toEqual([0, 1, 2, "k"]);
    }
  });

  test("hears that its transaction is full, with an error of the package's", async () => {
    const { store, getAll } = newSteps();
    await store.fill(10, { bytes: 900_000 });
    const steps = [getAll, getAll];
    const call = backend.http.query(api.transactions.read, { steps });
    expect(await dataThrownBy(call)).toMatchObject({
      code: expect.stringMatching(/^(too_many_entries|transaction_full)$/) as unknown,
    });
  });
});

describe("an action", () => {
  test("has a transaction for each call: what it did before it failed stays", async () => {
    const { store, set, get, remove, getAll } = newSteps();
    const results = await backend.http.action(api.transactions.act, {
      steps: [set("a", 1), get("a"), set("b", 2), remove("a"), getAll],
    });
    expect((results as unknown[])[1]).toBe(1);
    expect(namesOf((results as EntryInfo[][])[4]!)).toEqual(["b"]);
    const failing = backend.http.action(api.transactions.act, {
      steps: [set("c", 3)],
      fail: true,
    });
    expect(await dataThrownBy(failing)).toEqual({ reason: "on purpose", results: 1 });
    expect(namesOf(await store.getAll())).toEqual(["b", "c"]);
  });
});
