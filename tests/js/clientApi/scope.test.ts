import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { isKvError } from "@hamzasaleemorg/convex-kv";
import { NOW } from "../support/clock.js";
import { bytes, FIXED_SEED } from "../support/keys.js";
import { api, kv, open, startApp } from "./app.js";

// A caller's scope is all there is to it: whatever it asks, it gets what it would if there were
// nothing else, and changes nothing else.

beforeEach(() => void vi.useFakeTimers({ now: NOW }));
afterEach(() => void vi.useRealTimers());

const store = kv.use<KeyPart>(["s"]);
let scope: KeyPart[] = [];
const scoped = store.clientApi({ ...open, scope: () => scope });
const functions = (api as unknown as Record<string, typeof api.all>).scoped!;

const part: fc.Arbitrary<KeyPart> = fc.constantFrom<KeyPart[]>(
  ...["a", "b", "", "\0", "a\0", "s", "\u{10ffff}"],
  ...[0, -0, 1, 1n, null, true],
  bytes(),
  bytes(255),
);
const keyOf = (maxLength: number, minLength = 0) => fc.array(part, { minLength, maxLength });
const bound = fc.option(keyOf(2), { nil: undefined });

/** A cursor of any page: of which prefix of the whole component, and of what. */
const cursor = fc.option(
  fc.record({
    kind: fc.constantFrom("list", "children", "count"),
    prefix: fc.oneof(
      keyOf(1).map((key) => ["s", ...key]),
      fc.constantFrom<KeyPart[]>([], ["s"]),
      fc.constant("own"),
    ),
    reverse: fc.boolean(),
  }),
  { nil: null },
);
type Cursor = typeof cursor extends fc.Arbitrary<infer T> ? T : never;

const scan = fc.record(
  {
    prefix: keyOf(2),
    ...{ start: bound, after: bound, end: bound },
    startsWith: fc.constantFrom<(string | ArrayBuffer | undefined)[]>("", "a", bytes(), undefined),
    reverse: fc.boolean(),
  },
  { requiredKeys: [] },
);
const pages = fc.record({
  scan,
  cursor,
  endCursor: cursor,
  numItems: fc.integer({ min: 1, max: 5 }),
});
const calls = fc.oneof(
  fc.record({
    name: fc.constantFrom("get", "getWithMetadata", "has", "touch", "remove", "increment"),
    args: fc.record({ key: keyOf(4) }),
  }),
  fc.record({
    name: fc.constant("getMany"),
    args: fc.record({ keys: fc.array(keyOf(4), { maxLength: 3 }) }),
  }),
  fc.record({
    name: fc.constant("set"),
    args: fc.record({ key: keyOf(4), value: part, ifAbsent: fc.boolean() }),
  }),
  fc.record({
    name: fc.constant("setMany"),
    args: fc.record({
      entries: fc.array(fc.record({ key: keyOf(4), value: part }), { maxLength: 3 }),
    }),
  }),
  fc.record({ name: fc.constant("removeAll"), args: fc.record({ prefix: keyOf(3) }) }),
  fc.record({ name: fc.constant("getAll"), args: scan }),
  fc.record({ name: fc.constantFrom("list", "children", "count"), pages }),
);
type Call = typeof calls extends fc.Arbitrary<infer T> ? T : never;

const WRITES = ["set", "setMany", "increment", "touch", "remove", "removeAll"];

type App = ReturnType<typeof startApp>;

/** The cursor that it stands for, in an app that has all entries. */
async function textOf(app: App, one: Cursor): Promise<string | null> {
  if (one === null) return null;
  const prefix = one.prefix === "own" ? ["s", ...scope] : (one.prefix as KeyPart[]);
  const options = { limit: 1, reverse: one.reverse };
  const page = await app.read(
    async (ctx): Promise<{ continueCursor: string }> =>
      await kv.use()[one.kind as "list"](ctx, prefix, options),
  );
  // It is empty if there is no more than one entry.
  return page.continueCursor || "forged";
}

async function argsOf(app: App, call: Call): Promise<object> {
  if (!("pages" in call)) return call.args;
  const { scan, numItems, ...cursors } = call.pages;
  const cursor = await textOf(app, cursors.cursor);
  if (call.name === "count") return { ...scan, limit: numItems, cursor };
  const endCursor = await textOf(app, cursors.endCursor);
  return { ...scan, paginationOpts: { numItems, cursor, endCursor } };
}

/** What comes of it: the code of an error, or the result, without versions. */
async function outcomeOf({ t }: App, name: string, args: object): Promise<unknown> {
  try {
    const result: unknown = WRITES.includes(name)
      ? await t.mutation(functions[name as "set"], args as never)
      : await t.query(functions[name as "get"], args as never);
    return withoutVersions(result);
  } catch (error) {
    if (!isKvError(error)) throw error;
    return { error: error.data.code };
  }
}

function withoutVersions(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutVersions);
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  const fields = Object.entries(value as object).filter(([name]) => name !== "version");
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutVersions(field)]));
}

const isBelow = (key: KeyPart[], prefix: KeyPart[]) => {
  const same = (a: unknown, b: unknown) => {
    if (a instanceof Object && b instanceof Object) {
      return String(new Uint8Array(a as ArrayBuffer)) === String(new Uint8Array(b as ArrayBuffer));
    }
    return Object.is(a, b);
  };
  return prefix.every((part, i) => i < key.length && same(part, key[i]));
};

/** All entries of the component that are not in the scope. */
async function outside(app: App) {
  const entries = await app.read((ctx) => kv.use().getAll(ctx));
  return entries.filter(({ key }) => !isBelow(key, ["s", ...scope]));
}

test("nothing of another scope is read, written or counted, by any function and argument", async () => {
  const cases = fc.record({
    own: keyOf(2, 1),
    mine: fc.array(keyOf(2), { maxLength: 6 }),
    others: fc.array(keyOf(4, 1), { maxLength: 10 }),
    calls: fc.array(calls, { minLength: 1, maxLength: 8 }),
  });
  let [reads, writes, refused] = [0, 0, 0];
  const body = async (one: typeof cases extends fc.Arbitrary<infer T> ? T : never) => {
    scope = one.own;
    const [shared, alone] = [startApp({ scoped }), startApp({ scoped })];
    const others = one.others.filter((key) => !isBelow(key, ["s", ...scope]));
    await shared.run((ctx) =>
      kv.use().setMany(ctx, [
        ...others.map((key) => ({ key, value: "secret" })),
        // Neighbours of the scope, and what is above it.
        ...[["s"], ["s", ...scope.slice(0, -1), "neighbour"], [...scope, "a"]]
          .filter((key) => !isBelow(key, ["s", ...scope]))
          .map((key) => ({ key, value: "secret" })),
      ]),
    );
    for (const app of [shared, alone]) {
      const entries = one.mine.map((key, i) => ({ key: [...scope, ...key], value: i }));
      await app.run((ctx) => store.setMany(ctx, entries));
    }
    const before = await outside(shared);
    for (const call of one.calls) {
      const args = await argsOf(shared, call);
      const outcome = await outcomeOf(shared, call.name, args);
      expect(outcome, call.name).toEqual(await outcomeOf(alone, call.name, args));
      expect(await outside(shared)).toEqual(before);
      if (outcome !== null && typeof outcome === "object" && "error" in outcome) refused++;
      else if (WRITES.includes(call.name)) writes++;
      else reads++;
    }
  };
  await fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 60 });
  expect(Math.min(reads, writes, refused)).toBeGreaterThan(10);
});
