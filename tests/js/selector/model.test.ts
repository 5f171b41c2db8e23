import type {
  ChildrenPage,
  EntryInfo,
  Key,
  ListOptions,
  Page,
  Selector,
} from "@hamzasaleemorg/convex-kv";
import { compareValues, type Value } from "convex/values";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Backend, startBackend } from "../support/backend.js";
import { closeKey, FIXED_SEED } from "../support/keys.js";
import { insertRows } from "../support/rows.js";

// start, end and reverse, against a model that compares keys part by part.

const compare = (a: Key, b: Key) => compareValues(a as Value, b as Value);
const sameKey = (a: Key, b: Key) => compare(a, b) === 0;

interface Case {
  keys: Key[];
  prefix: Key;
  selector: Selector;
  limit: number;
}

const bound = fc.option(fc.oneof(closeKey, fc.constant<Key>([])), { nil: undefined });

const cases: fc.Arbitrary<Case> = fc.record({
  keys: fc.array(closeKey, { minLength: 1, maxLength: 14 }),
  prefix: fc.oneof(fc.constant<Key>([]), fc.constant<Key>(["a"]), closeKey),
  selector: fc.record({
    start: bound,
    end: bound,
    reverse: fc.option(fc.boolean(), { nil: undefined }),
  }),
  limit: fc.integer({ min: 1, max: 4 }),
});

function expectedOf({ keys, prefix, selector: { start, end, reverse } }: Case): Key[] {
  const sorted = [...keys].sort(compare);
  const selected = sorted.filter((key, i) => {
    if (i > 0 && sameKey(key, sorted[i - 1]!)) return false;
    const rest = key.slice(prefix.length);
    return (
      sameKey(prefix, key.slice(0, prefix.length)) &&
      (!start || compare(rest, start) >= 0) &&
      (!end || compare(rest, end) < 0)
    );
  });
  return reverse ? selected.reverse() : selected;
}

function childrenOf(expected: Key[], prefix: Key) {
  const children: { part: Value; hasEntry: boolean; hasChildren: boolean }[] = [];
  for (const key of expected) {
    if (key.length === prefix.length) continue;
    const part = key[prefix.length]!;
    let child = children.at(-1);
    if (!child || compareValues(child.part, part) !== 0) {
      child = { part, hasEntry: false, hasChildren: false };
      children.push(child);
    }
    child[key.length === prefix.length + 1 ? "hasEntry" : "hasChildren"] = true;
  }
  return children;
}

async function store(backend: Backend, keys: readonly Key[]) {
  const distinct = keys.filter((key, i) => !keys.slice(0, i).some((other) => sameKey(key, other)));
  await insertRows(
    backend,
    distinct.map((key) => ({ key })),
  );
  return backend.kv.use([]);
}

const keysOf = (entries: readonly EntryInfo[]) => entries.map(({ key }) => key);

test("every way to read sees the same entries, in the same order", async () => {
  const body = async (drawn: Case) => {
    const { keys, prefix, selector, limit } = drawn;
    const backend = startBackend();
    const root = await store(backend, keys);
    const expected = expectedOf(drawn);
    await backend.read(async (ctx) => {
      expect(keysOf(await root.getAll(ctx, prefix, selector))).toEqual(expected);

      const listed: Key[] = [];
      const named: Key[] = [];
      let cursor: string | null = null;
      do {
        const options: ListOptions = { ...selector, limit, cursor };
        const page: Page<EntryInfo> = await root.list(ctx, prefix, options);
        named.push(...(await root.keys(ctx, prefix, options)).keys);
        listed.push(...keysOf(page.entries));
        expect(page.isDone).toBe(listed.length === expected.length);
        cursor = page.isDone ? null : page.continueCursor;
      } while (cursor !== null);
      expect(listed).toEqual(expected);
      expect(named).toEqual(expected);

      const one: Key[] = [];
      const options = { ...selector, batchSize: limit };
      for await (const { key } of root.entries(ctx, prefix, options)) one.push(key);
      expect(one).toEqual(expected);

      expect((await root.first(ctx, prefix, selector))?.key).toEqual(expected[0]);
      expect((await root.last(ctx, prefix, selector))?.key).toEqual(expected.at(-1));

      let counted = 0;
      cursor = null;
      do {
        const some = await root.count(ctx, prefix, { ...selector, limit, cursor });
        counted += some.count;
        expect(some.isDone).toBe(counted === expected.length);
        cursor = some.isDone ? null : some.continueCursor;
      } while (cursor !== null);
      expect(counted).toBe(expected.length);
    });
  };
  await fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 80 });
});

test("children are those of the entries, whatever the pages", async () => {
  const body = async (drawn: Case) => {
    const { keys, prefix, selector, limit } = drawn;
    const backend = startBackend();
    const root = await store(backend, keys);
    const expected = childrenOf(expectedOf(drawn), prefix);
    const found: unknown[] = [];
    let cursor: string | null = null;
    do {
      const at: string | null = cursor;
      const page: ChildrenPage = await backend.read((ctx) =>
        root.children(ctx, prefix, { ...selector, limit, cursor: at }),
      );
      found.push(...page.children);
      expect(page.isDone).toBe(found.length === expected.length);
      cursor = page.isDone ? null : page.continueCursor;
    } while (cursor !== null);
    expect(found).toEqual(expected);
  };
  await fc.assert(fc.asyncProperty(cases, body), { seed: FIXED_SEED, numRuns: 80 });
});
