import { expect, test } from "vitest";
import { useBackend } from "../support/backend.js";
import { stopClock } from "../support/clock.js";
import { insertRows } from "../support/rows.js";
import { stringOf } from "../support/values.js";

// Each entry has a version: another after every write, and none ever again (tests/js/model).

stopClock();

const backend = useBackend();

const store = () => backend.kv.use<unknown>(["s"]);

test("all that returns entries returns their versions, and the writes that made them", async () => {
  const [a, b] = await backend.run((ctx) =>
    store().setMany(ctx, [
      { key: ["a"], value: 1 },
      { key: ["b"], value: stringOf(20_000) },
    ]),
  );
  await backend.read(async (ctx) => {
    const all = await store().getAll(ctx, []);
    expect(all.map(({ version }) => version)).toEqual([a!.version, b!.version]);
    const page = await store().list(ctx, [], { includeValues: false });
    expect(page.entries.map(({ version }) => version)).toEqual([a!.version, b!.version]);
    expect(await store().getWithMetadata(ctx, ["b"])).toMatchObject({ version: b!.version });
  });
});

test("an entry of an earlier release has one too", async () => {
  await insertRows(backend, [{ key: ["s", "a"], value: 1 }]);
  await backend.run(async (ctx) => {
    const before = await store().getWithMetadata(ctx, ["a"]);
    expect(before!.version).toMatch(/.:0$/);
    const { version } = await store().set(ctx, ["a"], 1);
    expect(version).toMatch(/.:1$/);
    expect(await store().getWithMetadata(ctx, ["a"])).toMatchObject({ version });
  });
});

test("reading changes none", async () => {
  await backend.run(async (ctx) => {
    const { version } = await store().set(ctx, ["a"], 1, { ttl: 100 });
    await store().getAll(ctx, []);
    await store().ttl(ctx, ["a"]);
    await store().set(ctx, ["a"], 2, { ifAbsent: true });
    await store().expire(ctx, ["a"], { ttl: 5, when: "later" });
    expect(await store().getWithMetadata(ctx, ["a"])).toMatchObject({ version });
  });
});
