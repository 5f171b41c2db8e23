import type { Key } from "@hamzasaleemorg/convex-kv";
import { describe, expect, test, vi } from "vitest";
import { api, type AppMutationCtx, type Backend, startBackend } from "../support/backend.js";
import { bookkeeping, IDLE, runDue, runNext } from "../support/background.js";
import { NOW, stopClock } from "../support/clock.js";
import { withFailing } from "../support/components.js";
import { kvErrorOf } from "../support/errors.js";
import { encodeKey } from "../support/core.js";
import { withLimits } from "../support/limits.js";
import { storedRows, valueOf } from "../support/rows.js";
import { upgrade } from "../support/versionOne.js";

// A deployment whose entries version 1 wrote, with this version deployed over it.

stopClock();

const migrate = ({ run }: Backend) =>
  run((ctx) => ctx.runMutation(api.kv.migrate, {})) as Promise<{ isDone: boolean; jobId?: string }>;
const stateOf = ({ read }: Backend) => read((ctx) => ctx.runQuery(api.status.migration, {}));

/** Migrates all there is. */
async function migrateAll(backend: Backend): Promise<void> {
  expect(await migrate(backend)).toEqual({ isDone: false, jobId: expect.any(String) });
  await runDue(backend);
  expect(await migrate(backend)).toEqual({ isDone: true });
  expect(await bookkeeping(backend)).toEqual(IDLE);
}

const keyed = (entries: { key: Key; value?: unknown }[]) =>
  entries.map(({ key, value }) => [key, value]);

describe("a small store", () => {
  const large = valueOf(900_000);
  async function upgraded(options?: Parameters<typeof startBackend>[0]) {
    const backend = startBackend(options);
    await upgrade(backend, async (old, ctx) => {
      await old.set(ctx, ["users", "1"], { name: "Ann" }, { metadata: { by: "x" } });
      await old.set(ctx, ["users", "2"], { name: "Bob" }, { ttl: 60_000 });
      await old.set(ctx, ["users", "3"], "gone", { expiresAt: NOW - 1 });
      await old.set(ctx, ["users", "4"], "for ever", { expiresAt: 0 });
      await old.set(ctx, ["large"], large);
      await old.set(ctx, ["usersX"], 1);
      await old.set(ctx, ["ä", "😀"], 2);
    });
    return { backend, users: backend.kv.use<unknown>(["users"]), root: backend.kv.use<unknown>() };
  }

  test("is whole after the migration, as this version would have written it", async () => {
    const { backend, root } = await upgraded();
    await migrateAll(backend);
    await backend.read(async (ctx) => {
      const entries = await root.getAll(ctx, []);
      expect(keyed(entries)).toEqual([
        [["large"], large],
        [["users", "1"], { name: "Ann" }],
        [["users", "2"], { name: "Bob" }],
        [["users", "4"], "for ever"],
        [["usersX"], 1],
        [["ä", "😀"], 2],
      ]);
      expect(entries[1]).toMatchObject({ metadata: { by: "x" }, updatedAt: NOW });
      expect(entries.map(({ expiresAt }) => expiresAt)).toEqual([
        undefined,
        undefined,
        NOW + 60_000,
        undefined,
        undefined,
        undefined,
      ]);
    });
    for (const row of await storedRows(backend)) {
      expect(row.path).toEqual(encodeKey(row.key));
    }
    // A large value is external now.
    const rows = await storedRows(backend);
    expect(rows.find(({ key }) => key[0] === "large")).toMatchObject({
      external: expect.anything(),
    });
    expect(await stateOf(backend)).toEqual({ isNeeded: false, problems: [] });
  });

  test("is there for calls on single keys all the while", async () => {
    const { backend, users, root } = await upgraded();
    await backend.run(async (ctx) => {
      expect(await users.get(ctx, ["1"])).toEqual({ name: "Ann" });
      expect(await users.getWithMetadata(ctx, ["2"])).toMatchObject({ expiresAt: NOW + 60_000 });
      expect(await users.get(ctx, ["3"])).toBeNull();
      expect(await users.get(ctx, ["4"])).toBe("for ever");
      expect(await users.ttl(ctx, ["2"])).toBe(60_000);
      expect(await users.has(ctx, ["1"])).toBe(true);
      expect(await root.has(ctx, ["users"])).toBe(false);
      expect(await root.getMany(ctx, [["large"], ["none"], ["usersX"], ["users", "3"]])).toEqual([
        large,
        null,
        1,
        null,
      ]);
    });
  });

  test("is taken, deleted and touched one by one", async () => {
    const { backend, users, root } = await upgraded();
    const sliding = users.withPrefix([], { sliding: { ttl: 90_000, whenLeft: 90_000 } });
    const told = await backend.run(async (ctx) => [
      await users.take(ctx, ["1"]),
      await root.take(ctx, ["large"]),
      (await sliding.getWithMetadata(ctx, ["2"]))?.expiresAt,
      await sliding.touch(ctx, ["3"]),
      await users.delete(ctx, ["3"]),
      await users.delete(ctx, ["4"]),
      await root.deleteMany(ctx, [["usersX"], ["none"]]),
    ]);
    expect(told).toEqual([{ name: "Ann" }, large, NOW + 90_000, false, false, true, 1]);
    await migrateAll(backend);
    const left = await backend.read((ctx) => root.getAll(ctx, []));
    expect(left).toMatchObject([
      { key: ["users", "2"], value: { name: "Bob" }, expiresAt: NOW + 90_000 },
      { key: ["ä", "😀"] },
    ]);
  });

  const scans: [string, (ctx: AppMutationCtx, backend: Backend) => Promise<unknown>][] = [
    ["list", (ctx, { kv }) => kv.use(["a"]).list(ctx, [])],
    ["getAll", (ctx, { kv }) => kv.use(["a"]).getAll(ctx, [])],
    ["keys", (ctx, { kv }) => kv.use(["a"]).keys(ctx, [])],
    ["first", (ctx, { kv }) => kv.use(["a"]).first(ctx, [])],
    ["last", (ctx, { kv }) => kv.use(["a"]).last(ctx, [])],
    ["count", (ctx, { kv }) => kv.use(["a"]).count(ctx, [])],
    ["children", (ctx, { kv }) => kv.use(["a"]).children(ctx, [])],
    ["deleteAll", (ctx, { kv }) => kv.use(["a"]).deleteAll(ctx, [])],
    ["move", (ctx, { kv }) => kv.use(["a"]).move(ctx, ["b"], ["c"])],
    ["copy", (ctx, { kv }) => kv.use(["a"]).copy(ctx, ["b"], ["c"])],
    ["checkEmpty", (ctx, { kv }) => kv.use(["a"]).atomic().checkEmpty([]).commit(ctx)],
  ];

  test.each(scans)("%s says that a migration is needed, and works after it", async (_, scan) => {
    const { backend } = await upgraded();
    await kvErrorOf(
      backend.run((ctx) => scan(ctx, backend)),
      "migration_needed",
    );
    expect(await storedRows(backend)).toHaveLength(7);
    await migrateAll(backend);
    await backend.run((ctx) => scan(ctx, backend));
  });

  test.each([{ documentsWritten: 6 }, { bytesRead: 1 << 20 }, { databaseQueries: 16 }])(
    "so does a deleteAll that has too little room left to read: %o",
    async (limits) => {
      const { backend, users } = await upgraded();
      const deletion = backend.run((ctx) =>
        users.deleteAll(withLimits(ctx, ["kv/deleteAll"], limits), []),
      );
      await kvErrorOf(deletion, "migration_needed");
      expect(await bookkeeping(backend)).toEqual(IDLE);
    },
  );

  test("can be written before the migration, which leaves what is newer", async () => {
    const { backend, users, root } = await upgraded();
    await backend.run(async (ctx) => {
      await users.set(ctx, ["1"], "newer");
      await users.delete(ctx, ["2"]);
      await root.setMany(ctx, [{ key: ["usersX"], value: 5 }]);
      await root.deleteMany(ctx, [["ä", "😀"]]);
      expect(await users.increment(ctx, ["new"], 3)).toBe(3);
      expect(await users.expire(ctx, ["4"], { ttl: 1000 })).toBe(true);
      expect(await users.set(ctx, ["4"], 0, { ifAbsent: true })).toMatchObject({ written: false });
      expect(await users.get(ctx, ["2"])).toBeNull();
    });
    await migrateAll(backend);
    await backend.read(async (ctx) => {
      const entries = await root.getAll(ctx, []);
      expect(keyed(entries)).toEqual([
        [["large"], large],
        [["users", "1"], "newer"],
        [["users", "4"], "for ever"],
        [["users", "new"], 3],
        [["usersX"], 5],
      ]);
      expect(entries[2]!.expiresAt).toBe(NOW + 1000);
    });
  });

  test("each key has one row, whatever writes it first", async () => {
    const { backend, users } = await upgraded();
    await backend.run(async (ctx) => {
      await users.set(ctx, ["1"], 1);
      await users.atomic().sum(["n"], 1).set(["3"], "back").commit(ctx);
    });
    const rows = await storedRows(backend);
    const names = rows.map(({ key }) => JSON.stringify(key));
    expect(new Set(names).size).toBe(names.length);
  });

  test("a version holds until the entry is written, by the migration too", async () => {
    const { backend, users } = await upgraded();
    await backend.run(async (ctx) => {
      const { version } = (await users.getWithMetadata(ctx, ["1"]))!;
      expect(await users.atomic().check(["1"], version).delete(["1"]).commit(ctx)).toMatchObject({
        ok: true,
      });
      expect(await users.atomic().check(["1"], version).set(["1"], 1).commit(ctx)).toMatchObject({
        ok: false,
      });
    });
  });

  test("vacuum starts the migration, and sweeps when it is done", async () => {
    const { backend, root } = await upgraded();
    const vacuum = () => backend.run((ctx) => ctx.runMutation(api.kv.vacuum, {}));
    const first = await vacuum();
    expect(first).toEqual({ count: 0, jobId: expect.any(String) });
    // And not a second one.
    expect(await vacuum()).toEqual(first);
    expect(await migrate(backend)).toEqual({ isDone: false, jobId: first.jobId });
    await runDue(backend);
    await backend.run((ctx) => root.set(ctx, ["short"], 1, { ttl: 1 }));
    vi.setSystemTime(NOW + 10);
    expect(await vacuum()).toEqual({ count: 1 });
  });

  test("a job tells how far it is, to a store of the whole", async () => {
    const { backend, root, users } = await upgraded();
    const { jobId } = await migrate(backend);
    const jobOf = (store: typeof root) => backend.read((ctx) => store.job(ctx, jobId!));
    expect(await jobOf(root)).toMatchObject({ kind: "migrate", state: "running", transferred: 0 });
    expect(await stateOf(backend)).toEqual({ isNeeded: true, jobId, problems: [] });
    expect(await jobOf(users)).toBeNull();
    await runDue(backend);
    expect(await jobOf(root)).toMatchObject({
      state: "done",
      transferred: 6,
      deleted: 1,
      skipped: 0,
    });
  });

  test("a batch that throws loses nothing, and the migration goes on", async () => {
    let fails = true;
    const { backend, root } = await upgraded({
      componentModules: withFailing(["run"], () => fails),
    });
    await migrate(backend);
    await runNext(backend);
    expect(await storedRows(backend)).toHaveLength(7);
    fails = false;
    vi.advanceTimersByTime(3_600_000);
    await runDue(backend);
    expect(await backend.read((ctx) => root.count(ctx, []))).toMatchObject({ count: 5 });
    expect(await stateOf(backend)).toEqual({ isNeeded: false, problems: [] });
  });
});

test("what version 1 took for the same key is told of", async () => {
  const backend = startBackend();
  await upgrade(backend, async (old, ctx) => {
    await old.set(ctx, ["a\u0000b"], 1);
    // Version 1 writes this into the very same row.
    await old.set(ctx, ["a", "b"], 2);
    await old.set(ctx, [], "empty");
    await old.set(ctx, ["plain"], 3);
  });
  const root = backend.kv.use<unknown>();
  await backend.read(async (ctx) => {
    expect(await root.get(ctx, ["a\u0000b"])).toBe(2);
    expect(await root.get(ctx, ["a", "b"])).toBeNull();
    expect(await root.get(ctx, [""])).toBe("empty");
  });
  await migrateAll(backend);
  expect(keyed(await backend.read((ctx) => root.getAll(ctx, [])))).toEqual([
    [[""], "empty"],
    [["a\u0000b"], 2],
    [["plain"], 3],
  ]);
  const message = expect.stringContaining("took this key and others for the same") as string;
  const { problems } = await stateOf(backend);
  expect(problems).toEqual([
    { key: [], problem: "ambiguous", message },
    { key: ["a\u0000b"], problem: "ambiguous", message },
  ]);
});

test("what cannot be an entry any more is set aside, and in nobody's way", async () => {
  const backend = startBackend();
  const long = ["x".repeat(3000)];
  await upgrade(backend, async (old, ctx) => {
    await old.set(ctx, long, { kept: 1 }, { metadata: "m", expiresAt: NOW + 5 });
    await old.set(ctx, ["a"], 1);
  });
  await migrateAll(backend);
  const root = backend.kv.use<unknown>();
  expect(await backend.read((ctx) => root.getAll(ctx, []))).toHaveLength(1);
  const message = expect.stringContaining("2048") as string;
  expect((await stateOf(backend)).problems).toEqual([{ key: long, problem: "setAside", message }]);
  const [kept] = await backend.inside((ctx) => ctx.db.query("migrationProblems").collect());
  expect(kept!.entry).toEqual({
    value: { kept: 1 },
    metadata: "m",
    updatedAt: NOW,
    expiresAt: NOW + 5,
  });
});

test("what is too much for one transaction takes several, and no limit is met", async () => {
  const backend = startBackend({ limits: { databaseQueries: 60, bytesRead: 8 << 20 } });
  await upgrade(backend, async (old, ctx) => {
    for (let i = 0; i < 160; i++) await old.set(ctx, ["k", `${i}`], i);
    for (let i = 0; i < 9; i++) await old.set(ctx, ["large", `${i}`], valueOf(900_000));
  });
  const { jobId } = await migrate(backend);
  let batches = 0;
  for (; (await stateOf(backend)).jobId && batches < 20; batches++) await runNext(backend);
  expect(batches).toBeGreaterThan(3);
  expect(batches).toBeLessThan(12);
  const root = backend.kv.use<unknown>();
  const job = await backend.read((ctx) => root.job(ctx, jobId!));
  expect(job).toMatchObject({ state: "done", transferred: 169, deleted: 0, failures: 0 });
  expect(await backend.read((ctx) => root.count(ctx, ["k"]))).toMatchObject({ count: 160 });
});
