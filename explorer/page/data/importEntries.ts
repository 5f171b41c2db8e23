import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { NdjsonEntry } from "../../ndjson/entry.js";
import { LineSplitter, type Line } from "../../ndjson/lines.js";
import { NdjsonError, parseEntry } from "../../ndjson/parse.js";
import type { NumberedEntry } from "../../ndjson/read.js";
import { codeOf, messageOf, refusalOf } from "./errors.js";

/** What one call writes at most: entries, and characters of JSON, or one entry that has more. */
const MOST_ENTRIES = 500;
const MOST_CHARACTERS = 1 << 20;

/** After so many lines it is told how far it is, even if all are bad. */
const MOST_LINES = 5_000;

/** So many entries in a row that fail by themselves, without a reason: it is not for them. */
const MOST_FAILURES = 10;

/** How many lines that are not imported are told one by one. */
const MOST_TOLD = 100;

/** How far an import is. */
export interface ImportState {
  /** The last line that needs no second look. */
  line: number;
  /** Bytes of the file up to there, or a little more. */
  bytes: number;
  written: number;
  /** Entries that were there already, and stayed. */
  skipped: number;
  /** Lines whose time is over. */
  expired: number;
  /** Lines that were not imported: how many, and of the first of them what was wrong. */
  bad: number;
  told: { line: number; message: string }[];
}

export const NOT_BEGUN: ImportState = {
  ...{ line: 0, bytes: 0, written: 0, skipped: 0, expired: 0, bad: 0 },
  told: [],
};

interface Written {
  written: number;
  skipped: number;
  expired: number;
  refused: { index: number; message: string }[];
}

interface Import {
  /** Where to go on. */
  from: ImportState;
  /** What keys are put below. */
  into: KeyPart[];
  write(entries: NdjsonEntry[]): Promise<Written>;
  /** Called behind each batch, once it is written. */
  onState(state: ImportState): void;
  signal: AbortSignal;
}

/**
 * Writes the entries of an NDJSON file, batch by batch, in the order of the file. A line that
 * cannot be written is told, and the others are. Resolves with what was done. If it is broken off,
 * it can be called again from the last state that it told: a batch that is written twice changes
 * nothing.
 */
export async function importEntries(file: Blob, settings: Import): Promise<ImportState> {
  const { from, into, onState, signal } = settings;
  const state = { ...from, told: [...from.told] };
  let batch: NumberedEntry[] = [];
  let characters = 0;
  let bytes = 0;

  const isBad = (line: number, message: string) => {
    state.bad++;
    if (state.told.length < MOST_TOLD) state.told.push({ line, message });
  };
  const writeBatch = batchWriter(settings, state, isBad);
  const flush = async (line: number) => {
    signal.throwIfAborted();
    await writeBatch(batch);
    batch = [];
    characters = 0;
    state.line = line;
    state.bytes = bytes;
    state.told.sort((one, other) => one.line - other.line);
    onState({ ...state, told: [...state.told] });
  };
  const take = async (line: Line) => {
    if (line.number <= from.line) return;
    try {
      if (line.error) throw line.error;
      if (line.text.trim() === "") return;
      const { key, ...rest } = parseEntry(line.text, line.number);
      const size = line.text.length;
      batch.push({ line: line.number, size, entry: { key: [...into, ...key], ...rest } });
      characters += size;
    } catch (error) {
      if (!(error instanceof NdjsonError)) throw error;
      isBad(line.number, error.message.replace(/^Line \d+: /, ""));
    }
    const isFull = batch.length >= MOST_ENTRIES || characters >= MOST_CHARACTERS;
    if (isFull || line.number - state.line >= MOST_LINES) await flush(line.number);
  };

  const splitter = new LineSplitter();
  let last = 0;
  const takeAll = async (lines: Iterable<Line>) => {
    for (const line of lines) {
      last = line.number;
      await take(line);
    }
  };
  const reader = file.stream().getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      bytes += value.length;
      await takeAll(splitter.push(value));
    }
    await takeAll(splitter.end());
  } finally {
    reader.releaseLock();
  }
  await flush(Math.max(last, from.line));
  return state;
}

/** Writes batches, and halves those that fail until it is found what is to blame. */
function batchWriter(
  { write, signal }: Import,
  state: ImportState,
  isBad: (line: number, message: string) => void,
) {
  let failures = 0;
  // Without a connection, a call waits for one. Whoever stops an import does not.
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
  });
  stopped.catch(() => {});
  return async function writeBatch(batch: NumberedEntry[]): Promise<void> {
    if (batch.length === 0) return;
    let result: Written;
    try {
      result = await Promise.race([write(batch.map(({ entry }) => entry)), stopped]);
    } catch (error) {
      if (signal.aborted || refusalOf(error) !== undefined) throw error;
      if (batch.length === 1) {
        if (codeOf(error) === undefined && ++failures === MOST_FAILURES) throw error;
        return isBad(batch[0]!.line, messageOf(error));
      }
      const half = batch.length >> 1;
      await writeBatch(batch.slice(0, half));
      await writeBatch(batch.slice(half));
      return;
    }
    failures = 0;
    state.written += result.written;
    state.skipped += result.skipped;
    state.expired += result.expired;
    for (const { index, message } of result.refused) isBad(batch[index]!.line, message);
  };
}
