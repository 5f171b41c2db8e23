import type { KeyPart, Selector } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { type Command, InvalidArgumentError } from "commander";
import { NotationError, parseValue } from "../notation/parse.js";
import { parsePath } from "../notation/path.js";

// What people write on the command line, as the stores take it. What is wrong is an
// InvalidArgumentError, which commander reports with the argument's name.

/** A key: a path, users/42n/"7", or as it is written in code, ["users", 42n, "7"]. */
export function keyArgument(text: string): KeyPart[] {
  return read(text, parsePath);
}

/** A value: JSON, 42n, bytes("AQID"), NaN and so on. */
export function valueArgument(text: string): Value {
  return read(text, parseValue);
}

function read<T>(text: string, parse: (text: string) => T): T {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    const from = Math.min(error.from, text.length);
    const line = text.slice(0, from).split("\n").at(-1)!;
    const rest = text.slice(from).split("\n")[0]!;
    throw new InvalidArgumentError(
      `${error.message}\n  ${line}${rest}\n  ${" ".repeat(line.length)}^`,
    );
  }
}

/** A whole number of 1 or more. */
export function countArgument(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(count) && count > 0) return count;
  throw new InvalidArgumentError("It must be a whole number of 1 or more.");
}

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span of time with its unit, in milliseconds: 90s, 1.5h, 30d. */
export function spanArgument(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (unit !== undefined) return Number(number) * UNITS[unit as keyof typeof UNITS];
  throw new InvalidArgumentError("It must be a number with a unit: 500ms, 90s, 30m, 12h or 7d.");
}

/** A time, in milliseconds since the Unix epoch, or as a date: 2027-01-31T12:00:00Z. */
export function timeArgument(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw new InvalidArgumentError(
    "It must be a date, as in 2027-01-31T12:00:00Z, or milliseconds since 1970.",
  );
}

/** The options that narrow what a prefix covers. */
export interface RangeOptions {
  start?: KeyPart[];
  after?: KeyPart[];
  end?: KeyPart[];
  startsWith?: string;
}

export function addRangeOptions(command: Command): Command {
  return command
    .option("--start <key>", "the first key, below the prefix", keyArgument)
    .option("--after <key>", "begin behind this key, below the prefix", keyArgument)
    .option("--end <key>", "end before this key, below the prefix", keyArgument)
    .option("--starts-with <text>", "only parts behind the prefix that begin so");
}

export function selectorOf({ start, after, end, startsWith }: RangeOptions): Selector {
  return { start, after, end, startsWith };
}
