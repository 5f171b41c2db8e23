import { failure } from "./failure.js";
import { type CountedInstance, countedInstance, inputOf } from "./instance.js";
import type { SortKeyRange } from "./keyRange.js";
import { takeOutput } from "./output.js";

// Questions about a counted prefix, and answers. What each asks and answers, and its form, is in
// src/convex_kv/messages/counted_message.hpp.

/** Leaves that were read, by the ids of their documents. */
export type Leaves = ReadonlyMap<string, ArrayBuffer>;

/** Branches that lie one behind the other, as they are seen at a time. */
export interface CountedView {
  /** Milliseconds since the Unix epoch. What has expired does not count. */
  now: number;
  branches: readonly ArrayBuffer[];
  /** Where the last of them ends, exclusive. */
  end: ArrayBuffer;
}

/** Branches that are to be changed. */
export interface CountedNodes {
  branches: readonly PlacedBranch[];
  /** Where the last of them ends, exclusive. */
  end: ArrayBuffer;
}

export interface PlacedBranch {
  start: ArrayBuffer;
  node: ArrayBuffer;
}

/** What becomes of the entry at a path. */
export interface CountedChange {
  path: ArrayBuffer;
  /** Absent: there is none. */
  entry?: CountedEntry;
  /** What there was; null: nothing. Absent: it is not known. */
  before?: CountedEntry | null;
}

export interface CountedEntry {
  expiresAt: number | undefined;
  number: number;
}

export interface CountedChanges {
  /** In the order of their paths. */
  changes: readonly CountedChange[];
  /** If they are in more leaves than this, they are buffered in the branches, where that can be. */
  mostLeaves: number;
  now: number;
}

export interface ChangedBranch extends PlacedBranch {
  /** When its first entry expires; Infinity: none does. */
  firstExpiry: number;
  hasOutgrownShare: boolean;
  isUntidy: boolean;
  /** Whether changes are still to be made in its leaves. */
  hasBuffered: boolean;
  /** As it was given. */
  isSame: boolean;
}

export type CountedQuestion =
  | ({ ask: "tally" } & CountedView & SortKeyRange)
  | ({ ask: "at"; index: number } & CountedView & SortKeyRange)
  | ({ ask: "rank"; path: ArrayBuffer } & CountedView & SortKeyRange)
  | ({ ask: "change" } & CountedChanges & CountedNodes)
  | ({ ask: "remove" } & CountedNodes & SortKeyRange)
  | ({ ask: "tidy"; now: number; mostLeaves: number } & CountedNodes)
  | ({ ask: "divide" } & CountedNodes);

/** What is answered in the end, by what was asked. */
export interface CountedAnswers {
  tally: { count: number; sum: number };
  /** Empty: there is no such entry. */
  at: { path: ArrayBuffer };
  rank: { isThere: boolean; count: number };
  change: CountedOutcome;
  remove: CountedOutcome;
  tidy: CountedOutcome;
  divide: CountedOutcome;
}

/** What is to be written. */
export interface CountedOutcome {
  branches: ChangedBranch[];
  replaced: { id: string; node: ArrayBuffer }[];
  /** Leaves that no branch refers to any more. */
  dropped: string[];
}

/** What is needed first. */
export interface CountedNeeds {
  missing: string[];
  inserts: ArrayBuffer[];
}

const ASK = { tally: 1, at: 2, rank: 3, change: 4, remove: 5, tidy: 6, divide: 7 } as const;
const MISSING = 1;
const INSERTS = 5;

// What is said of a change.
const HAS_ENTRY = 1;
const HAD_NONE = 2;
const HAD_ENTRY = 4;

/**
 * Asks the core. It answers with what it needs first, or with what was asked. `ids` are those of
 * the leaves that were inserted as it wanted.
 */
export function askCounted<Q extends CountedQuestion>(
  question: Q,
  leaves: Leaves,
  ids: readonly string[],
): { needs: CountedNeeds } | { answer: CountedAnswers[Q["ask"]] } {
  const core = countedInstance();
  const writer = newWriter();
  writeQuestion(writer, question, leaves, ids);
  const length = writer.sendTo(core);
  const reader = newReader(takeOutput(core, core.askCounted(length)));
  const kind = reader.byte();
  if (kind === 0) {
    throw failure(
      "invalid_request",
      "The nodes of a counted prefix are damaged. Call stopCounting and startCounting to count anew.",
    );
  }
  if (kind === MISSING) {
    return { needs: { missing: reader.list(() => reader.text()), inserts: [] } };
  }
  if (kind === INSERTS) {
    return { needs: { missing: [], inserts: reader.list(() => reader.bytes()) } };
  }
  return { answer: readAnswer(reader, question.ask) as CountedAnswers[Q["ask"]] };
}

function writeQuestion(
  to: Writer,
  question: CountedQuestion,
  leaves: Leaves,
  ids: readonly string[],
): void {
  const writeLeaves = () => {
    to.list([...leaves], ([id, node]) => {
      to.text(id);
      to.bytes(node);
    });
  };
  to.byte(ASK[question.ask]);
  if (question.ask === "tally" || question.ask === "at" || question.ask === "rank") {
    to.number(question.now);
    to.bytes(question.end);
    to.list(question.branches, (node) => to.bytes(node));
    writeLeaves();
    to.bytes(question.lower);
    to.bytes(question.upper);
    if (question.ask === "at") to.number(question.index);
    if (question.ask === "rank") to.bytes(question.path);
    return;
  }
  to.bytes(question.end);
  to.list(question.branches, ({ start, node }) => {
    to.bytes(start);
    to.bytes(node);
  });
  writeLeaves();
  to.list(ids, (id) => to.text(id));
  if (question.ask === "change") {
    to.list(question.changes, ({ path, entry, before }) => {
      to.bytes(path);
      const had = before ? HAD_ENTRY : before === null ? HAD_NONE : 0;
      to.byte((entry ? HAS_ENTRY : 0) | had);
      for (const each of [entry, before]) {
        if (!each) continue;
        to.number(each.expiresAt ?? Infinity);
        to.number(each.number);
      }
    });
    to.number(question.now);
    to.count(question.mostLeaves);
  } else if (question.ask === "remove") {
    to.bytes(question.lower);
    to.bytes(question.upper);
  } else if (question.ask === "tidy") {
    to.number(question.now);
    to.count(question.mostLeaves);
  }
}

function readAnswer(from: Reader, ask: CountedQuestion["ask"]): CountedAnswers[typeof ask] {
  if (ask === "tally") return { count: from.count(), sum: from.number() };
  if (ask === "at") return { path: from.bytes() };
  if (ask === "rank") return { isThere: from.byte() === 1, count: from.count() };
  return {
    branches: from.list(() => {
      const placed = { start: from.bytes(), node: from.bytes(), firstExpiry: from.number() };
      const flags = from.byte();
      return {
        ...placed,
        hasOutgrownShare: (flags & 1) !== 0,
        isUntidy: (flags & 2) !== 0,
        isSame: (flags & 4) !== 0,
        hasBuffered: (flags & 8) !== 0,
      };
    }),
    replaced: from.list(() => ({ id: from.text(), node: from.bytes() })),
    dropped: from.list(() => from.text()),
  };
}

/** Seven bits of a number in each byte, the lowest first. */
const BITS = 128;
/** What is written is at least doubled when there is no room. */
const FIRST_ROOM = 1 << 12;

type Writer = ReturnType<typeof newWriter>;

function newWriter() {
  let all = new Uint8Array(FIRST_ROOM);
  let size = 0;
  const roomFor = (more: number) => {
    if (size + more <= all.length) return;
    const larger = new Uint8Array(Math.max(2 * all.length, size + more));
    larger.set(all.subarray(0, size));
    all = larger;
  };
  const byte = (value: number) => {
    roomFor(1);
    all[size++] = value;
  };
  const count = (value: number) => {
    let rest = value;
    for (; rest >= BITS; rest = Math.floor(rest / BITS)) byte((rest % BITS) + BITS);
    byte(rest);
  };
  return {
    byte,
    count,
    number: (value: number) => {
      roomFor(8);
      new DataView(all.buffer).setFloat64(size, value, true);
      size += 8;
    },
    bytes: (value: ArrayBuffer) => {
      count(value.byteLength);
      roomFor(value.byteLength);
      all.set(new Uint8Array(value), size);
      size += value.byteLength;
    },
    /** ASCII: ids of documents. */
    text: (value: string) => {
      count(value.length);
      for (let i = 0; i < value.length; i++) byte(value.charCodeAt(i));
    },
    list: <T>(items: readonly T[], write: (item: T) => void) => {
      count(items.length);
      for (const item of items) write(item);
    },
    /** Makes what was written the core's input. Returns its length. */
    sendTo: (core: CountedInstance) => {
      const at = inputOf(core, size);
      core.bytes.set(all.subarray(0, size), at);
      return size;
    },
  };
}

type Reader = ReturnType<typeof newReader>;

function newReader(buffer: ArrayBuffer) {
  const view = new DataView(buffer);
  let at = 0;
  const byte = () => view.getUint8(at++);
  const count = () => {
    let value = 0;
    for (let unit = 1; ; unit *= BITS) {
      const next = byte();
      value += (next % BITS) * unit;
      if (next < BITS) return value;
    }
  };
  const bytes = () => {
    const size = count();
    const read = buffer.slice(at, at + size);
    at += size;
    return read;
  };
  return {
    byte,
    count,
    bytes,
    number: () => {
      const value = view.getFloat64(at, true);
      at += 8;
      return value;
    },
    text: () => String.fromCharCode(...new Uint8Array(bytes())),
    list: <T>(read: () => T): T[] => Array.from({ length: count() }, read),
  };
}
