import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { createWriteStream } from "node:fs";
import { once } from "node:events";
import type { Writable } from "node:stream";
import { formatEntry } from "../../ndjson/format.js";
import { formatPath } from "../../notation/path.js";
import { entriesText, formatSize } from "../../page/parts/numbers.js";
import { addRangeOptions, keyArgument, type RangeOptions, selectorOf } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { Failure, Interruption } from "../failures.js";
import { interruptibly } from "../terminal/interrupts.js";
import { note } from "../terminal/output.js";
import { showProgress } from "../terminal/progress.js";
import { totalOf } from "../totals.js";

interface Options extends RangeOptions {
  output?: string;
  relative?: boolean;
  reverse?: boolean;
}

/** Entries that are read at a time; fewer if they are large. */
const BATCH = 500;

export const exportEntries: CommandDefinition<[prefix: KeyPart[] | undefined], Options> = {
  usage: "export",
  summary: "Write the entries at and below a prefix as NDJSON",
  details:
    "A line of JSON for each, with its key, value, metadata and expiry, in Convex's JSON form. They are written as they are read, so that any number fits in memory. Each batch is read in a transaction of its own: what is written meanwhile may be in it or not.",
  examples: [
    ["export > all.ndjson", "all entries"],
    ["export users/42n -o user.ndjson", "those at and below it, into a file"],
    [
      "export users --relative | import --into people",
      "a copy elsewhere, in two calls of this program",
    ],
    ["export users --after 42n >> users.ndjson", "on from where it was broken off"],
  ],
  configure(command) {
    command
      .argument("[prefix]", "what keys begin with; without it, all entries", keyArgument)
      .option("-o, --output <file>", "write into a file, not to stdout")
      .option("--relative", "keys without the prefix, to import them elsewhere")
      .option("--reverse", "from the last to the first");
    addRangeOptions(command);
  },
  async run(session, [prefix = []], { output, relative, reverse, ...range }) {
    const { ctx, store } = session;
    const target = output === undefined ? process.stdout : await opened(output);
    const options = { ...selectorOf(range), reverse, batchSize: BATCH };
    await interruptibly(async ({ signal }) => {
      const total = await totalOf(session, prefix, range);
      const progress = showProgress("Exporting", total);
      let count = 0;
      let bytes = 0;
      let last: KeyPart[] = [];
      const soFar = () => `${entriesText(count)}, ${formatSize(bytes)}`;
      try {
        for await (const { key, value, metadata, expiresAt } of store.entries(
          ctx,
          prefix,
          options,
        )) {
          const below = key.slice(prefix.length);
          const line = formatEntry({
            key: relative ? below : key,
            value,
            ...(metadata !== undefined && { metadata: metadata as Value }),
            ...(expiresAt !== undefined && { expiresAt }),
          });
          await written(target, line);
          count++;
          bytes += Buffer.byteLength(line);
          last = below;
          progress.update(count, soFar());
          if (signal.aborted) {
            throw new Interruption(
              `Interrupted after ${soFar()}. To go on from there: --after '${formatPath(last)}'`,
            );
          }
        }
      } finally {
        progress.stop();
      }
      if (target !== process.stdout) {
        target.end();
        await once(target, "close");
      }
      if (target !== process.stdout || process.stderr.isTTY) note(`Exported ${soFar()}.`);
    });
  },
};

async function written(target: Writable, text: string): Promise<void> {
  if (!target.write(text)) await once(target, "drain");
}

async function opened(file: string): Promise<Writable> {
  const stream = createWriteStream(file);
  try {
    await once(stream, "open");
  } catch (error) {
    throw new Failure(`${file} cannot be written: ${(error as Error).message}`);
  }
  return stream;
}
