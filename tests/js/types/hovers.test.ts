import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { languageService } from "../support/languageService.js";

// What an editor shows of a call: the parameters and the result of the overload that it is of.

const prelude = `
import {
  type ComponentApi,
  type GetAllOptions,
  kvClientFactory,
  type ListOptions,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import type { PaginationOptions } from "convex/server";
declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const options: ListOptions;
declare const scan: GetAllOptions;
declare const flag: boolean;
declare const opts: PaginationOptions;
const kv = kvClientFactory(component);
const users = kv.use<{ name: string }>(["users"]);
const numbers = kv.use<number>(["n"]);
const bigints = kv.use<bigint>(["b"]);
const either = kv.use<number | bigint | null>(["e"]);
const anything = kv.use(["a"]);
const days = kv.use<number, [user: string, day: number]>(["days"]);
`;

const user = "{ name: string; }";
const none = "{ includeValues: false }";
const add = "ctx: RunMutation, key: Key, by?: number, options?: NumberOptions";
const addBigint = "ctx: RunMutation, key: Key, by: bigint, options?: NumberOptions";
const inDays = "ctx: RunMutation, key: [user: string, day: number]";
const page = "paginationOpts: PaginationOptions";

/** What a scan takes: `options` with values, without, or as they turn out. */
const taking = (options: string) => ({
  with: `ctx: RunQuery, prefix?: Key, options?: ${options} & WithValues`,
  without: `ctx: RunQuery, prefix: Key, options: ${options} & WithoutValues`,
  either: `ctx: RunQuery, prefix?: Key, options?: ${options}`,
});
const list = taking("ListOptions");
const getAll = taking("GetAllOptions");
const first = taking("FirstOptions");
const entries = taking("EntriesOptions");

/** Calls, with the parameters and the result that are shown. */
const calls: [call: string, parameters: string, result: string][] = [
  [`numbers.increment(ctx, ["1"])`, add, "Promise<number>"],
  [`numbers.increment(ctx, ["1"], 5)`, add, "Promise<number>"],
  [`bigints.increment(ctx, ["1"], 5n)`, addBigint, "Promise<bigint>"],
  [`either.increment(ctx, ["1"])`, add, "Promise<number>"],
  [`either.increment(ctx, ["1"], 5n)`, addBigint, "Promise<bigint>"],
  [`anything.increment(ctx, ["1"])`, add, "Promise<number>"],
  [
    `days.increment(ctx, ["ana", 1])`,
    `${inDays}, by?: number, options?: NumberOptions`,
    "Promise<number>",
  ],

  [
    `numbers.atomic().sum(["1"], 5)`,
    "key: Key, n: number, options?: NumberOptions",
    "AtomicBuilder<number, Key, number>",
  ],
  [
    `bigints.atomic().min(["1"], 5n)`,
    "key: Key, n: bigint, options?: NumberOptions",
    "AtomicBuilder<bigint, Key, bigint>",
  ],
  [
    `anything.atomic().max(["1"], 5)`,
    "key: Key, n: number | bigint, options?: NumberOptions",
    "AtomicBuilder<any, Key, any>",
  ],

  [
    `numbers.update(ctx, ["1"], (n) => n ?? 0)`,
    "ctx: RunQuery & RunMutation, key: Key, change: (value: number | null) => number | Promise<number>, options?: UpdateOptions",
    "Promise<number>",
  ],

  ["users.list(ctx)", list.with, `Promise<Page<Entry<${user}>>>`],
  ["users.list(ctx, [], { limit: 5 })", list.with, `Promise<Page<Entry<${user}>>>`],
  [`users.list(ctx, [], ${none})`, list.without, "Promise<Page<EntryInfo>>"],
  ["users.list(ctx, [], options)", list.either, `Promise<Page<ListedEntry<${user}>>>`],
  [
    "users.list(ctx, [], { includeValues: flag })",
    list.either,
    `Promise<Page<ListedEntry<${user}>>>`,
  ],

  ["users.getAll(ctx)", getAll.with, `Promise<Entry<${user}>[]>`],
  [`users.getAll(ctx, [], ${none})`, getAll.without, "Promise<EntryInfo[]>"],
  ["users.getAll(ctx, [], scan)", getAll.either, `Promise<ListedEntry<${user}>[]>`],

  ["users.first(ctx)", first.with, `Promise<Entry<${user}> | null>`],
  [`users.first(ctx, [], ${none})`, first.without, "Promise<EntryInfo | null>"],
  ["users.first(ctx, [], scan)", first.either, `Promise<ListedEntry<${user}> | null>`],
  ["users.last(ctx)", first.with, `Promise<Entry<${user}> | null>`],
  [`users.last(ctx, [], ${none})`, first.without, "Promise<EntryInfo | null>"],
  ["users.last(ctx, [], scan)", first.either, `Promise<ListedEntry<${user}> | null>`],

  ["users.entries(ctx)", entries.with, `AsyncGenerator<Entry<${user}>, void, void>`],
  [`users.entries(ctx, [], ${none})`, entries.without, "AsyncGenerator<EntryInfo, void, void>"],
  [
    "users.entries(ctx, [], scan)",
    entries.either,
    `AsyncGenerator<ListedEntry<${user}>, void, void>`,
  ],

  [
    "users.paginate(ctx, opts)",
    `ctx: RunQuery, ${page}, options?: PaginateOptions & WithValues`,
    `Promise<PaginationResult<Entry<${user}>>>`,
  ],
  [
    `users.paginate(ctx, opts, ${none})`,
    `ctx: RunQuery, ${page}, options: PaginateOptions & WithoutValues`,
    "Promise<PaginationResult<EntryInfo>>",
  ],
  [
    "users.paginate(ctx, opts, scan)",
    `ctx: RunQuery, ${page}, options?: PaginateOptions`,
    `Promise<PaginationResult<ListedEntry<${user}>>>`,
  ],
  [
    "users.paginate(ctx, [], opts)",
    `ctx: RunQuery, prefix: Key, ${page}, options?: PaginateOptions & WithValues`,
    `Promise<PaginationResult<Entry<${user}>>>`,
  ],
  [
    `users.paginate(ctx, [], opts, ${none})`,
    `ctx: RunQuery, prefix: Key, ${page}, options: PaginateOptions & WithoutValues`,
    "Promise<PaginationResult<EntryInfo>>",
  ],
  [
    "users.paginate(ctx, [], opts, scan)",
    `ctx: RunQuery, prefix: Key, ${page}, options?: PaginateOptions`,
    `Promise<PaginationResult<ListedEntry<${user}>>>`,
  ],
];

const path = join(process.cwd(), "tests/js/types/hovered.ts");
const deprecated = `void users.subStore(["a"]);\n`;
const text = prelude + calls.map(([call]) => `void ${call};\n`).join("") + deprecated;
const service = languageService([], path, text);

/** The place of a call's last method name. */
const positionOf = (call: string) =>
  text.indexOf(`void ${call};`) + 5 + /^\w+(\.atomic\(\))?\./.exec(call)![0].length;

test.for(calls)("%s", ([call, parameters, result]) => {
  const info = service.getQuickInfoAtPosition(path, positionOf(call));
  const shown = ts
    .displayPartsToString(info?.displayParts)
    .replace(/\s+/g, " ")
    // What may be left out may be undefined: that is not the matter here.
    .replaceAll(" | undefined", "");
  const [, signature] = /^\(method\) .+?>\.\w+(\(.+?)(?: \(\+\d+ overloads?\))?$/.exec(shown) ?? [];
  expect(signature ?? shown).toBe(`(${parameters}): ${result}`);
});

describe("an editor shows", () => {
  test("no error in these calls", () => {
    const messages = service.getSemanticDiagnostics(path).map(({ messageText }) => messageText);
    expect(messages).toEqual([]);
  });

  test("what a parameter is while it is being written, and what is thrown", () => {
    const call = `numbers.increment(ctx, ["1"], 5)`;
    const at = text.indexOf(`void ${call};`) + 5 + call.length - 1;
    const help = service.getSignatureHelpItems(path, at, undefined)!;
    const { parameters, tags } = help.items[help.selectedItemIndex]!;
    const shown = parameters.map((each) => ts.displayPartsToString(each.documentation));
    expect(shown).toHaveLength(4);
    for (const each of shown) expect(each).toMatch(/^\S.+\.$/);
    const thrown = tags.filter(({ name }) => name === "throws");
    expect(thrown.map(({ text }) => ts.displayPartsToString(text))).toContainEqual(
      expect.stringMatching(/^KvError invalid_key if /),
    );
  });

  test("that subStore is deprecated", () => {
    const found = service.getSuggestionDiagnostics(path).filter((it) => it.reportsDeprecated);
    const shown = found.map(({ start, length }) => text.slice(start).slice(0, length));
    expect(shown).toEqual(["subStore"]);
  });
});
