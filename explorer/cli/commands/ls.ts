import { isKvError, type Child, type Entry, type KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { formatPreview } from "../../notation/format.js";
import { formatPathPart } from "../../notation/path.js";
import { formatSpan } from "../../page/parts/numbers.js";
import {
  addRangeOptions,
  countArgument,
  keyArgument,
  type RangeOptions,
  selectorOf,
} from "../arguments.js";
import { childrenOf } from "../children.js";
import type { CommandDefinition } from "../command.js";
import { printJson } from "../json.js";
import type { Session } from "../session.js";
import { columns, print, styled } from "../terminal/output.js";
import { fitted, formatTimestamp, padded } from "../text.js";

interface Options extends RangeOptions {
  long?: boolean;
  limit?: number;
  reverse?: boolean;
}

export const ls: CommandDefinition<[prefix: KeyPart[] | undefined], Options> = {
  usage: "ls",
  summary: "List what is directly below a prefix",
  details:
    "A line for each key part, with a / behind it if there are entries below it, and a * if there is one at it as well.",
  examples: [
    ["ls", "the first parts of all keys"],
    ["ls users/42n", "what is below it"],
    ["ls users --long", "with times and the beginnings of values"],
    ["ls users --starts-with a --json", "a line of JSON for each part"],
  ],
  configure(command) {
    command
      .argument("[prefix]", "what keys begin with; without it, all", keyArgument)
      .option("-l, --long", "when entries were written and expire, and their values")
      .option("-n, --limit <count>", "so many lines at most", countArgument)
      .option("--reverse", "from the last to the first");
    addRangeOptions(command);
  },
  async run(session, [prefix = []], { long = false, limit = Infinity, reverse, json, ...range }) {
    const selector = { ...selectorOf(range), reverse };
    let left = limit;
    for await (const page of childrenOf(session, prefix, selector)) {
      const children = page.slice(0, left);
      left -= children.length;
      if (long) await printLong(session, prefix, children, json);
      else for (const child of children) await (json ? printJson(child) : print(nameOf(child)));
      if (left === 0) return;
    }
  },
};

/** A child as it is listed: "42n", "users/", or "users/*" if there is an entry at it as well. */
export function nameOf({ part, hasEntry, hasChildren }: Child): string {
  const name = formatPathPart(part);
  if (!hasChildren) return name;
  return styled("cyan", `${name}/`) + (hasEntry ? "*" : "");
}

/** The children with what is at them, in columns that fit those of a page. */
async function printLong(
  session: Session,
  prefix: KeyPart[],
  children: Child[],
  json = false,
): Promise<void> {
  const keys = children.filter(({ hasEntry }) => hasEntry).map(({ part }) => [...prefix, part]);
  const entries = await entriesAt(session, keys);
  const found = new Map(keys.map(([...key], i) => [key.at(-1), entries[i] ?? null]));
  const rows = children.map((child) => ({ child, entry: found.get(child.part) ?? null }));
  if (json) {
    for (const { child, entry } of rows) await printJson({ ...child, ...(entry && { entry }) });
    return;
  }
  const cells = rows.map(({ child, entry }) => ({
    name: nameOf(child),
    updated: entry ? formatTimestamp(entry.updatedAt) : "",
    expires: entry?.expiresAt === undefined ? "" : formatSpan(entry.expiresAt - Date.now()),
    value: entry ? formatPreview(entry.value as Value) : "",
  }));
  const name = Math.min(MAX_NAME, padded.widest(cells.map(({ name }) => name)));
  const expires = padded.widest(cells.map(({ expires }) => expires));
  for (const cell of cells) {
    const line = [
      padded(cell.name, name),
      padded(cell.updated, TIMESTAMP),
      ...(expires > 0 ? [padded(cell.expires, expires)] : []),
      cell.value,
    ];
    await print(fitted(line.join("  ").trimEnd(), columns()));
  }
}

async function entriesAt({ ctx, store }: Session, keys: KeyPart[][]) {
  try {
    return await store.getManyWithMetadata(ctx, keys);
  } catch (error) {
    if (!isKvError(error) || error.data.code !== "too_many_entries") throw error;
    // Their values are too large to be read together.
    const entries: (Entry<Value> | null)[] = [];
    for (const key of keys) entries.push(await store.getWithMetadata(ctx, key));
    return entries;
  }
}

const MAX_NAME = 40;
const TIMESTAMP = "2027-01-31T12:00:00Z".length;
