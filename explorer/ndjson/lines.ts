import { NdjsonError } from "./parse.js";

/** A line without its "\n", and its number, counted from 1; or why it is no text. */
export type Line =
  { number: number; text: string; error?: undefined } | { number: number; error: NdjsonError };

/**
 * The most bytes of a line: 64 MiB. A value has 8 MiB at most, and JSON may take six characters for
 * one of them. More than that is not held in memory, in case the input is no lines at all.
 */
export const MAX_LINE = 64 * 1024 * 1024;

const NEWLINE = 0x0a;

/**
 * Makes lines of bytes that come in chunks, which may end anywhere, within a character too. A mark
 * at the start of a file that says it is UTF-8 is left out.
 */
export class LineSplitter {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private number = 0;

  /** The lines that end within this chunk. Throws an NdjsonError at one that is too long. */
  *push(chunk: Uint8Array): Generator<Line, void, void> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      this.keep(chunk.subarray(start, end < 0 ? chunk.length : end));
      if (end < 0) return;
      yield this.take();
      start = end + 1;
    }
  }

  /** The last line, if nothing ends it. */
  *end(): Generator<Line, void, void> {
    if (this.pendingBytes > 0) yield this.take();
  }

  private keep(bytes: Uint8Array): void {
    this.pendingBytes += bytes.length;
    if (this.pendingBytes > MAX_LINE) {
      const most = `${MAX_LINE / 1024 / 1024} MiB`;
      throw new NdjsonError(this.number + 1, `It is longer than ${most}, which no entry needs.`);
    }
    // A copy, since whoever reads may use its buffer again.
    if (bytes.length > 0) this.pending.push(bytes.slice());
  }

  private take(): Line {
    const bytes = this.pending.length === 1 ? this.pending[0]! : joined(this.pending);
    this.pending = [];
    this.pendingBytes = 0;
    this.number += 1;
    try {
      return { number: this.number, text: this.decoder.decode(bytes) };
    } catch {
      return { number: this.number, error: new NdjsonError(this.number, "It is not UTF-8 text.") };
    }
  }
}

function joined(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
