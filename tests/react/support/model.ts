import { compareValues, type Value } from "convex/values";
import type { Hooks, Pair, Shown } from "../page/shown.js";

/** A key behind the screen's name. */
export type Rest = [letter: string, n?: number];

/** A write through one of the hooks. */
export type Write =
  | { call: "set"; value: number }
  | { call: "remove" }
  | { call: "increment"; by?: number }
  | { call: "setAt"; rest: Rest; value: number }
  | { call: "setMany"; entries: { rest: Rest; value: number }[] }
  | { call: "incrementAt"; rest: Rest; by: number }
  | { call: "removeAt"; rest: Rest }
  | { call: "removeAll"; rest: Rest | [] };

/** What the page's `useValue` is about. */
export const NOTE: Rest = ["a"];
/** A write of it is refused. */
export const LOCKED: Rest = ["locked"];

/** The arguments of the call. */
export function argsOf(write: Write, screen: string): Parameters<Hooks[Write["call"]]> {
  const at = (rest: Rest | []): [string, ...(string | number)[]] => [
    screen,
    ...(rest as (string | number)[]),
  ];
  const args: unknown[] = {
    set: () => [(write as { value: number }).value],
    remove: () => [],
    increment: () => ("by" in write ? [write.by] : []),
    setAt: () => [at((write as { rest: Rest }).rest), (write as { value: number }).value],
    setMany: () => [
      (write as Extract<Write, { call: "setMany" }>).entries.map(({ rest, value }) => ({
        key: at(rest),
        value,
      })),
    ],
    incrementAt: () => [at((write as { rest: Rest }).rest), (write as { by: number }).by],
    removeAt: () => [at((write as { rest: Rest }).rest)],
    removeAll: () => [at((write as { rest: Rest | [] }).rest)],
  }[write.call]();
  return args as Parameters<Hooks[Write["call"]]>;
}

/** What is below a screen's name. */
export class Table {
  private readonly entries = new Map<string, { rest: Rest; value: number }>();

  copy(): Table {
    const copy = new Table();
    for (const [text, entry] of this.entries) copy.entries.set(text, entry);
    return copy;
  }

  get(rest: Rest): number | undefined {
    return this.entries.get(JSON.stringify(rest))?.value;
  }

  /** Carries a write out, and tells whether the server does so too. */
  write(write: Write): boolean {
    const put = (rest: Rest, value: number) =>
      this.entries.set(JSON.stringify(rest), { rest, value });
    switch (write.call) {
      case "set":
        put(NOTE, write.value);
        return true;
      case "remove":
        this.entries.delete(JSON.stringify(NOTE));
        return true;
      case "increment":
        put(NOTE, (this.get(NOTE) ?? 0) + (write.by ?? 1));
        return true;
      case "setAt":
        put(write.rest, write.value);
        return !isLocked(write.rest);
      case "setMany":
        for (const { rest, value } of write.entries) put(rest, value);
        return !write.entries.some(({ rest }) => isLocked(rest));
      case "incrementAt":
        put(write.rest, (this.get(write.rest) ?? 0) + write.by);
        return !isLocked(write.rest);
      case "removeAt":
        this.entries.delete(JSON.stringify(write.rest));
        return !isLocked(write.rest);
      case "removeAll":
        for (const [text, { rest }] of this.entries) {
          if (write.rest.every((part, i) => rest[i] === part)) this.entries.delete(text);
        }
        return true;
    }
  }

  /** All entries in order. */
  pairs(screen: string): Pair[] {
    return [...this.entries.values()]
      .map(({ rest, value }): Pair => [[screen, ...(rest as (string | number)[])], value])
      .sort(([a], [b]) => compareValues(a as Value, b as Value));
  }
}

const isLocked = (rest: Rest) => rest[0] === LOCKED[0];

/**
 * What is wrong with what is shown of a table: nothing, if the list is empty. Lists may be as short
 * as they like before everything is `atRest`.
 */
export function problems(
  shown: Shown,
  table: Table,
  screen: string,
  { isReverse = false, atRest = false } = {},
): string[] {
  const found: string[] = [];
  const expectSame = (name: string, is: unknown, should: unknown) => {
    const [a, b] = [is, should].map((value) => JSON.stringify(value));
    if (a !== b) found.push(`${name}: ${a}, and not ${b}`);
  };
  const all = table.pairs(screen);
  const note = table.get(NOTE);
  const { plain } = shown;
  expectSame("all", plain.all, all);
  expectSame("value", shown.value.value, note ?? null);
  expectSame("get", plain.get, note ?? null);
  expectSame("has", plain.has, note !== undefined);
  expectSame("entry", plain.entry, note);
  expectSame("count", shown.count.count, all.length);
  expectSame("few", shown.few, Math.min(2, all.length));
  const children = childrenOf(all);
  const shownChildren = shown.children.children.map(({ part, hasEntry, hasChildren }): Part => [
    part as string,
    hasEntry,
    hasChildren,
  ]);
  const inOrder = isReverse ? [...all].reverse() : all;
  const some = all.filter(([key]) => (key[1] as string) >= "b" && (key[1] as string) < "d");
  const expectList = (
    name: string,
    items: unknown[],
    status: string,
    should: unknown[],
    initial: number,
  ) => {
    expectSame(name, items, should.slice(0, items.length));
    if (status === "Exhausted") expectSame(`${name}, ${status}`, items.length, should.length);
    if (!atRest) return;
    expectSame(
      `${name}, at rest`,
      status,
      items.length < should.length ? "CanLoadMore" : "Exhausted",
    );
    expectSame(`${name}, at least`, items.length >= Math.min(initial, should.length), true);
  };
  expectList("entries", shown.entries.entries, shown.entries.status, inOrder, 3);
  expectList("some", shown.some.entries, shown.some.status, some, 2);
  expectList("children", shownChildren, shown.children.status, children, 3);
  if (atRest) expectSame("page", plain.page, all.slice(0, 4));
  else expectSame("page", plain.page?.slice(0, 4), all.slice(0, Math.min(4, plain.page!.length)));
  return found;
}

type Part = [part: string, hasEntry: boolean, hasChildren: boolean];

function childrenOf(all: Pair[]): Part[] {
  const depths = new Map<string, number[]>();
  for (const [[, part, ...below]] of all) {
    depths.set(part as string, [...(depths.get(part as string) ?? []), below.length]);
  }
  return [...depths].map(([part, all]) => [part, all.includes(0), all.some((depth) => depth > 0)]);
}
