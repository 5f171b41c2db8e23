import { failure } from "./failure.js";
import { inputOf, type Instance } from "./instance.js";

/** Puts ASCII text into the input, `at` bytes from its start. Returns its length. */
export function sendText(core: Instance, text: string, at = 0): number {
  const start = inputOf(core, at + text.length) + at;
  for (let i = 0; i < text.length; i++) core.bytes[start + i] = text.charCodeAt(i);
  return text.length;
}

// Output stands behind its length: see src/convex_kv/core.hpp.
const LENGTH_BYTES = 4;

/** Where the output at `address` begins and ends. */
function rangeOfOutput({ view }: Instance, address: number): [number, number] {
  const start = address + LENGTH_BYTES;
  return [start, start + view.getUint32(address, true)];
}

/** A copy of the core's output. */
export function takeOutput(core: Instance, address: number): ArrayBuffer {
  return core.bytes.slice(...rangeOfOutput(core, address)).buffer;
}

/** The core's output as text. The core writes ASCII. */
export function takeText(core: Instance, address: number): string {
  return textBetween(core, ...rangeOfOutput(core, address));
}

/** The core's output as text that ends at the first line feed, and the bytes behind that. */
export function takeTextAndBytes(core: Instance, address: number): [string, Uint8Array] {
  const [start, end] = rangeOfOutput(core, address);
  const lineFeed = core.bytes.indexOf(LINE_FEED, start);
  const textEnd = lineFeed >= 0 && lineFeed < end ? lineFeed : end;
  return [textBetween(core, start, textEnd), core.bytes.slice(textEnd + 1, end)];
}

const LINE_FEED = 10;

function textBetween(core: Instance, start: number, end: number): string {
  let text = "";
  // In pieces, since each character is an argument.
  for (let at = start; at < end; at += 8192) {
    text += String.fromCharCode(...core.bytes.subarray(at, Math.min(at + 8192, end)));
  }
  return text;
}

/** The core's reason for its latest answer, as an exception. */
export function lastFailure(core: Instance): Error {
  const [code = "", message = ""] = takeText(core, core.lastError()).split("\n");
  return failure(code, message);
}
