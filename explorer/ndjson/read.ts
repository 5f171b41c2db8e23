import type { NdjsonEntry } from "./entry.js";
import { LineSplitter, type Line } from "./lines.js";
import { parseEntry } from "./parse.js";

/** An entry, and its line. */
export interface NumberedEntry {
  /** The length of the line, in characters. */
  size: number;
  /** The number of the line, counted from 1. */
  line: number;
  entry: NdjsonEntry;
}

/**
 * The entries of an NDJSON text, one after another as they arrive. Blank lines are skipped, and
 * lines may end with "\r\n". Reads no more chunks than are asked for, and holds one line and one
 * chunk.
 *
 * @param chunks The text's bytes, in UTF-8: of a file, a pipe, or a `ReadableStream`.
 * @param fromLine The number of the first line to read, from 1. Those before it are not looked at.
 * @throws NdjsonError at the first line that is no entry.
 */
export async function* readEntries(
  chunks: AsyncIterable<Uint8Array>,
  fromLine = 1,
): AsyncGenerator<NumberedEntry, void, void> {
  const splitter = new LineSplitter();
  for await (const chunk of chunks) yield* entriesIn(splitter.push(chunk), fromLine);
  yield* entriesIn(splitter.end(), fromLine);
}

function* entriesIn(lines: Iterable<Line>, fromLine: number): Generator<NumberedEntry, void, void> {
  for (const line of lines) {
    const { number } = line;
    if (number < fromLine) continue;
    if (line.error) throw line.error;
    const { text } = line;
    if (text.trim() === "") continue;
    yield { line: number, size: text.length, entry: parseEntry(text, number) };
  }
}
