import { countedInstance, inputOf, type Instance } from "./instance.js";
import type { Key } from "./key.js";
import { sendKey } from "./keyWire.js";
import { lastFailure, takeOutput, takeText } from "./output.js";

/** Which of the keys that a prefix covers are meant. Keys are relative to it. */
export interface KeyBounds {
  /** Inclusive. */
  start?: Key;
  /** Exclusive. */
  after?: Key;
  /** Exclusive. */
  end?: Key;
  /** Of the part behind the prefix. */
  startsWith?: string | ArrayBuffer;
}

/** What a prefix covers, or a part of that. */
export interface PrefixRange extends KeyBounds {
  prefix: Key;
}

/** How long the keys of a range are in wire form; -1: there is none. */
type Lengths = readonly [
  prefix: number,
  start: number,
  after: number,
  end: number,
  startsWith: number,
  to: number,
];

/** Puts the keys of a range into the core's input, and `to` behind them. */
export function sendRange(
  core: Instance,
  { prefix, start, after, end, startsWith }: PrefixRange,
  to?: Key,
): { lengths: Lengths; sent: number } {
  let sent = 0;
  const send = (key: Key | undefined) => {
    if (!key) return -1;
    const length = sendKey(core, key, sent);
    sent += length;
    return length;
  };
  const beginning = startsWith === undefined ? undefined : [startsWith];
  const lengths = [
    ...([send(prefix), send(start), send(after), send(end)] as const),
    ...([send(beginning), send(to)] as const),
  ] as const;
  return { lengths, sent };
}

/** Sort keys, up to `upper`, exclusive. */
export interface SortKeyRange {
  lower: ArrayBuffer;
  upper: ArrayBuffer;
}

const LENGTH_BYTES = 4;

/** The sort keys of a range. Throws invalid_key. */
export function sortKeyRange(range: PrefixRange): SortKeyRange {
  const core = countedInstance();
  const [prefix, start, after, end, startsWith] = sendRange(core, range).lengths;
  const output = core.keyRange(prefix, start, after, end, startsWith);
  if (output === 0) throw lastFailure(core);
  const bytes = takeOutput(core, output);
  const behind = LENGTH_BYTES + new DataView(bytes).getUint32(0, true);
  return { lower: bytes.slice(LENGTH_BYTES, behind), upper: bytes.slice(behind) };
}

/** The cursor of a page in a range that begins behind `position`, a sort key within it. */
export function cursorBehind(range: PrefixRange, position: ArrayBuffer, reverse: boolean): string {
  const core = countedInstance();
  const { lengths, sent } = sendRange(core, range);
  const size = position.byteLength;
  const at = inputOf(core, sent + size) + sent;
  core.bytes.set(new Uint8Array(position), at);
  const [prefix, start, after, end, startsWith] = lengths;
  const output = core.cursorBehind(prefix, start, after, end, startsWith, size, Number(reverse));
  if (output === 0) throw lastFailure(core);
  return takeText(core, output);
}
