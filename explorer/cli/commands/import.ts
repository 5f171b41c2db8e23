import { isKvError, type KeyPart, type NewEntry, type SetResult } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { createReadStream, fstatSync, statSync } from "node:fs";
import { NdjsonError } from "../../ndjson/parse.js";
import { type NumberedEntry, readEntries } from "../../ndjson/read.js";
import { formatPath } from "../../notation/path.js";
import { entriesText, formatCount } from "../../page/parts/numbers.js";
import { countArgument, keyArgument } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { patiently } from "../deployment/connection.js";
import { explained } from "../explain.js";
import { Failure, Interruption, UsageFailure } from "../failures.js";
import { printJson } from "../json.js";
import type { Session } from "../session.js";
import { confirm } from "../terminal/ask.js";
import { interruptibly } from "../terminal/interrupts.js";
import { note, print } from "../terminal/output.js";
import { showProgress } from "../terminal/progress.js";

interface Options {
  into?: KeyPart[];
  overwrite?: boolean;
  fromLine: number;
  yes?: boolean;
}

export const importEntries: CommandDefinition<[file: string | undefined], Options> = {
  usage: "import",
  summary: "Write the entries of an NDJSON text",
  details:
    "Entries that are there already stay, unless --overwrite says otherwise. So if an import was broken off, the same call again does what is left; --from-line saves it the time. It stops at the first line that cannot be written, and says which: all before it are written.",
  examples: [
    ["import all.ndjson", "from a file"],
    ["import < all.ndjson", "from stdin"],
    ["import users.ndjson --into archive", "below a key: of an export with --relative, say"],
    ["import all.ndjson --overwrite --yes", "replacing what is there"],
    ["import all.ndjson --from-line 5001", "on from where it was broken off"],
  ],
  configure(command) {
    command
      .argument("[file]", "the file; without it, or with -, stdin")
      .option("--into <key>", "put the entries below this key", keyArgument)
      .option("--overwrite", "replace entries that are there already")
      .option("--from-line <number>", "begin with this line, counted from 1", countArgument, 1)
      .option("-y, --yes", "do not ask");
  },
  async run(session, [file], { into = [], overwrite = false, fromLine, yes, json }) {
    const source = openSource(file);
    if (overwrite) {
      const where = into.length === 0 ? "" : ` below ${formatPath(into)}`;
      await confirm(`Replace entries${where} in ${session.place} by those that are imported?`, {
        yes,
      });
    }
    const done: Done = { imported: 0, skipped: 0, expired: 0, line: fromLine - 1 };
    try {
      await run(session, source, { into, ifAbsent: !overwrite, fromLine, done });
    } catch (error) {
      // On stdout it stands for all that was done, as after a run that ended well.
      if (json) await printJson({ ...done });
      else note(summaryOf(done));
      const goOn = `To go on from there: --from-line ${done.line + 1}`;
      if (error instanceof Interruption) throw new Interruption(`${error.message} ${goOn}`);
      throw new Failure(`${explained(error)}\n${goOn}`);
    }
    await (json ? printJson({ ...done }) : print(summaryOf(done)));
  },
};

/** What has been done so far. */
interface Done {
  /** Entries written. */
  imported: number;
  /** Entries that were there already. */
  skipped: number;
  /** Lines whose expiry is past. */
  expired: number;
  /** The last line that needs no second look. */
  line: number;
}

function summaryOf({ imported, skipped, expired, line }: Done): string {
  const more = [
    ...(skipped > 0 ? [`${entriesText(skipped)} there already`] : []),
    ...(expired > 0 ? [`${entriesText(expired)} expired`] : []),
  ];
  const rest = more.length > 0 ? ` (${more.join(", ")})` : "";
  return `Imported ${entriesText(imported)}${rest}, up to line ${formatCount(line)}.`;
}

interface Source {
  chunks: AsyncIterable<Uint8Array>;
  /** In bytes; undefined: nobody knows. */
  size: number | undefined;
}

function openSource(file: string | undefined): Source {
  if (file !== undefined && file !== "-") {
    try {
      const { size } = statSync(file);
      return { chunks: createReadStream(file), size };
    } catch (error) {
      throw new UsageFailure(`${file} cannot be read: ${(error as Error).message}`);
    }
  }
  if (process.stdin.isTTY) throw new UsageFailure("A file is missing: name one, or pipe one in.");
  const stats = fstatSync(0);
  return { chunks: process.stdin, size: stats.isFile() ? stats.size : undefined };
}

interface Import {
  into: KeyPart[];
  ifAbsent: boolean;
  fromLine: number;
  /** Kept up to date. */
  done: Done;
}

/** What one call writes at most: entries, and characters of JSON, or one entry that has more. */
const MOST_ENTRIES = 500;
const MOST_CHARACTERS = 1_000_000;

async function run(session: Session, { chunks, size }: Source, options: Import): Promise<void> {
  await interruptibly(async ({ signal }) => {
    const progress = showProgress("Importing", size);
    let bytes = 0;
    const counted = async function* () {
      for await (const chunk of chunks) {
        bytes += chunk.length;
        yield chunk;
      }
    };
    try {
      for await (const batch of batchesOf(readEntries(counted(), options.fromLine))) {
        await writeBatch(session, batch, options);
        progress.update(bytes, entriesText(options.done.imported));
        if (signal.aborted) throw new Interruption("Interrupted.");
      }
    } finally {
      progress.stop();
    }
  });
}

/** If a line is no entry, the batch before it comes first, and is written. */
async function* batchesOf(entries: AsyncIterable<NumberedEntry>): AsyncGenerator<NumberedEntry[]> {
  let batch: NumberedEntry[] = [];
  let size = 0;
  let failed: NdjsonError | undefined;
  try {
    for await (const each of entries) {
      if (batch.length === MOST_ENTRIES || (size + each.size > MOST_CHARACTERS && size > 0)) {
        yield batch;
        batch = [];
        size = 0;
      }
      batch.push(each);
      size += each.size;
    }
  } catch (error) {
    if (!(error instanceof NdjsonError)) throw error;
    failed = error;
  }
  if (batch.length > 0) yield batch;
  if (failed) throw failed;
}

async function writeBatch(
  { ctx, store }: Session,
  batch: NumberedEntry[],
  { into, ifAbsent, done }: Import,
): Promise<void> {
  const entryOf = ({ entry: { key, ...rest } }: NumberedEntry): NewEntry<Value> => ({
    ...rest,
    key: [...into, ...key],
    ifAbsent,
  });
  let results: SetResult[];
  try {
    results = await patiently(() => store.setMany(ctx, batch.map(entryOf)));
  } catch (error) {
    if (!isKvError(error)) throw error;
    // One of them cannot be written, or all together are too many: each by itself tells.
    for (const each of batch) {
      try {
        const { key, value, ...options } = entryOf(each);
        add(done, each.line, await patiently(() => store.set(ctx, key, value, options)));
      } catch (error) {
        if (!isKvError(error)) throw error;
        throw new NdjsonError(each.line, error.data.message);
      }
    }
    return;
  }
  for (const [i, result] of results.entries()) add(done, batch[i]!.line, result);
}

function add(done: Done, line: number, { written, version }: SetResult): void {
  if (version === null) done.expired++;
  else if (written) done.imported++;
  else done.skipped++;
  done.line = line;
}
