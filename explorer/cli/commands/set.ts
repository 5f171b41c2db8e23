import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { InvalidArgumentError } from "commander";
import { text } from "node:stream/consumers";
import { formatPath } from "../../notation/path.js";
import { keyArgument, spanArgument, timeArgument, valueArgument } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { Failure, UsageFailure } from "../failures.js";
import { printJson } from "../json.js";
import { note } from "../terminal/output.js";

interface Options {
  string?: boolean;
  ttl?: number;
  expiresAt?: number;
  keepTtl?: boolean;
  metadata?: Value;
  ifAbsent?: boolean;
}

export const set: CommandDefinition<[key: KeyPart[], value: string | undefined], Options> = {
  usage: "set",
  summary: "Write an entry, whole",
  details:
    'Value, metadata and expiry replace what was there. Values are JSON, and for what JSON has no way to write 42n (int64), bytes("AQID") (base64), NaN and Infinity.',
  examples: [
    [`set users/42n '{ name: "Ann", visits: 7n }'`, "an object"],
    ["set settings/theme dark --string", "a string, as it is written"],
    ["set sessions/7 true --ttl 30m", "gone in half an hour"],
    ["set limits/max -- -5n", "what begins with - goes behind --"],
    ["set docs/readme --string < README.md", "the value from stdin"],
    ["set locks/build 1 --if-absent", "exit code 1 if there is an entry"],
  ],
  configure(command) {
    command
      .argument("<key>", "the key of the entry", keyArgument)
      .argument("[value]", "the value; without it, or with -, it is read from stdin")
      .option("--string", "the value is a string, as it is written: no quotes needed")
      .option("--ttl <span>", "it expires so long from now: 90s, 30m, 12h, 7d", spanArgument)
      .option(
        "--expires-at <time>",
        "it expires at a date, or milliseconds since 1970",
        timeArgument,
      )
      .option("--keep-ttl", "an entry that is there keeps its expiry")
      .option("--metadata <value>", "the entry's metadata", valueArgument)
      .option("--if-absent", "write only if there is no entry");
  },
  async run({ ctx, store }, [key, given], options) {
    const { ttl, expiresAt, keepTtl, metadata, ifAbsent, json } = options;
    const value = await valueOf(given, options.string);
    const result = await store.set(ctx, key, value, {
      ttl,
      expiresAt,
      keepTtl,
      metadata,
      ifAbsent,
    });
    if (json) await printJson(result);
    if (!result.written) throw new Failure(`There is an entry at ${formatPath(key)}: it stays.`);
    if (result.version === null) note("The expiry is past, so there is no entry.");
  },
};

async function valueOf(given: string | undefined, isString = false): Promise<Value> {
  const isPiped = given === undefined || given === "-";
  if (isPiped && process.stdin.isTTY) {
    throw new UsageFailure("A value is missing. It is the second argument, or comes from stdin.");
  }
  const written = isPiped ? await text(process.stdin) : given;
  if (isString) return written;
  try {
    return valueArgument(written);
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new UsageFailure(`${error.message}\nStrings are in quotes, or come with --string.`);
  }
}
