import type { Eager } from "./eager.js";
import type { Instance } from "./instance.js";

/** Puts text into the input, `at` bytes from its start on. Returns its length. It has to be ASCII. */
export function sendText(core: Instance, text: string, at = 0): number {
  const start = core.reserveInput(at + text.length) + at;
  for (let i = 0; i < text.length; i++) core.bytes[start + i] = text.charCodeAt(i);
  return text.length;
}

/** A copy of the core's output. */
export const takeOutput = ((core: Instance, length: number): ArrayBuffer => {
  const start = core.outputAddress();
  return core.bytes.slice(start, start + length).buffer;
}) satisfies Eager;

/** The core's output as text. The core writes ASCII. */
export function takeText(core: Instance, length: number): string {
  const start = core.outputAddress();
  let text = "";
  // In pieces, since each character is an argument.
  for (let at = 0; at < length; at += 8192) {
    const end = Math.min(at + 8192, length);
    text += String.fromCharCode(...core.bytes.subarray(start + at, start + end));
  }
  return text;
}
