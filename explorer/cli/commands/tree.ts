import type { Child, KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatPath } from "../../notation/path.js";
import { formatCount } from "../../page/parts/numbers.js";
import { countArgument, keyArgument } from "../arguments.js";
import { childrenOf } from "../children.js";
import type { CommandDefinition } from "../command.js";
import { printJson } from "../json.js";
import type { Session } from "../session.js";
import { columns, note, print, styled } from "../terminal/output.js";
import { fitted } from "../text.js";
import { nameOf } from "./ls.js";

interface Options {
  depth: number;
}

export const tree: CommandDefinition<[prefix: KeyPart[] | undefined], Options> = {
  usage: "tree",
  summary: "Show the keys at and below a prefix as a tree",
  details:
    "A part with entries below it has a / behind it, and a * if there is an entry at it as well. Values are not read.",
  examples: [
    ["tree", "three levels of all keys"],
    ["tree users --depth 1", "what is directly below it"],
    ["tree --depth 99 --json", "a line of JSON for each part of each level"],
  ],
  configure(command) {
    command
      .argument("[prefix]", "what keys begin with; without it, all", keyArgument)
      .option("-d, --depth <levels>", "so many levels at most", countArgument, 3);
  },
  async run(session, [prefix = []], { depth, json = false }) {
    if (!json) await print(styled("bold", formatPath(prefix)));
    const left = await printLevel(session, prefix, { depth, json, indent: "" });
    if (left === 0 || json) return;
    const parts = left === 1 ? "1 part has" : `${formatCount(left)} parts have`;
    note(`${parts} more below: see --depth.`);
  },
};

interface Level {
  depth: number;
  json: boolean;
  indent: string;
}

/** Prints what is below a key. Returns below how many parts there is more, beyond the depth. */
async function printLevel(session: Session, key: KeyPart[], level: Level): Promise<number> {
  const { depth, json, indent } = level;
  let left = 0;
  for await (const { child, isLast } of withLast(childrenOf(session, key))) {
    const childKey = [...key, child.part];
    if (json) {
      const { hasEntry, hasChildren } = child;
      await printJson({ key: childKey, hasEntry, hasChildren });
    } else {
      await print(fitted(`${indent}${isLast ? "└── " : "├── "}${nameOf(child)}`, columns()));
    }
    if (!child.hasChildren) continue;
    if (depth === 1) left++;
    else {
      const below = { depth: depth - 1, json, indent: `${indent}${isLast ? "    " : "│   "}` };
      left += await printLevel(session, childKey, below);
    }
  }
  return left;
}

async function* withLast(pages: AsyncIterable<Child[]>) {
  let held: Child | undefined;
  for await (const page of pages) {
    for (const child of page) {
      if (held) yield { child: held, isLast: false };
      held = child;
    }
  }
  if (held) yield { child: held, isLast: true };
}
