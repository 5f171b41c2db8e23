import { ConvexError } from "convex/values";
import { describe, expect, test } from "vitest";
import type { NdjsonEntry } from "../../../explorer/ndjson/entry.js";
import { formatEntry } from "../../../explorer/ndjson/format.js";
import { exportEntries } from "../../../explorer/page/data/exportEntries.js";
import {
  importEntries,
  type ImportState,
  NOT_BEGUN,
} from "../../../explorer/page/data/importEntries.js";

// How the page imports and exports files, with a deployment that does not do what it is asked to.

const entry = (i: number): NdjsonEntry => ({ key: ["a", i], value: i });
const lineOf = (i: number) => formatEntry(entry(i));
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

/** An import of these lines, in which `write` may throw. */
async function importOf(
  lines: (string | Uint8Array<ArrayBuffer>)[],
  {
    write = () => {},
    from = NOT_BEGUN,
    stopAt = Infinity,
  }: {
    write?(entries: NdjsonEntry[]): void;
    from?: ImportState;
    /** The state, counted from 1, with which it is stopped. */
    stopAt?: number;
  } = {},
) {
  const written: NdjsonEntry[][] = [];
  const states: ImportState[] = [];
  const abort = new AbortController();
  const run = importEntries(new Blob(lines), {
    ...{ from, into: [], signal: abort.signal },
    write: async (entries) => {
      write(entries);
      written.push(entries);
      return { written: entries.length, skipped: 0, expired: 0, refused: [] };
    },
    onState: (state) => {
      states.push(state);
      if (states.length === stopAt) abort.abort();
    },
  });
  const error: unknown = await run.then(
    () => undefined,
    (error: unknown) => error,
  );
  return { written, states, error, last: states.at(-1)! };
}

test("a file is written in batches, in its order", async () => {
  const { written, states, last } = await importOf(numbers(1_200).map(lineOf));
  expect(written.map(({ length }) => length)).toEqual([500, 500, 200]);
  expect(written.flat()).toEqual(numbers(1_200).map(entry));
  expect(states.map(({ line }) => line)).toEqual([500, 1_000, 1_200]);
  expect(last).toMatchObject({ written: 1_200, bad: 0, told: [] });
});

test("large entries are fewer in a batch", async () => {
  const large = formatEntry({ key: ["a"], value: "x".repeat(600_000) });
  const { written } = await importOf([large, large, large, lineOf(1)]);
  expect(written.map(({ length }) => length)).toEqual([2, 2]);
});

test("bad lines of each kind are told by their numbers, and all others written", async () => {
  const lines = [
    lineOf(0),
    "\n",
    "{}\n",
    Uint8Array.of(0xff, 0x0a),
    lineOf(4),
    "[",
    "\r\n",
    "null",
  ];
  const { written, last } = await importOf(lines);
  expect(written.flat()).toEqual([entry(0), entry(4)]);
  expect(last.line).toBe(7);
  expect(last.told).toMatchObject([{ line: 3 }, { line: 4 }, { line: 6 }, { line: 7 }]);
  expect(last.told[1]!.message).toBe("It is not UTF-8 text.");
  expect(last.bad).toBe(4);
});

test("of many bad lines the first hundred are told, and on the way how many they are", async () => {
  const { states, last } = await importOf(Array<string>(12_000).fill("bad\n"));
  expect(last).toMatchObject({ bad: 12_000, line: 12_000 });
  expect(last.told.map(({ line }) => line)).toEqual(numbers(100).map((i) => i + 1));
  expect(states.map(({ bad }) => bad)).toEqual([5_000, 10_000, 12_000]);
});

describe("a batch that fails", () => {
  test("is halved until the line is found that is to blame", async () => {
    const write = (entries: NdjsonEntry[]) => {
      if (entries.some(({ value }) => value === 77)) throw new Error("Server Error");
    };
    const { written, last } = await importOf(numbers(500).map(lineOf), { write });
    const others = numbers(500).filter((i) => i !== 77);
    expect(written.flat()).toEqual(others.map(entry));
    expect(last.told).toEqual([{ line: 78, message: "Server Error" }]);
    expect(last.written).toBe(499);
  });

  test("is halved if it is too much", async () => {
    const write = (entries: NdjsonEntry[]) => {
      if (entries.length > 100)
        throw new ConvexError({ code: "too_many_entries", message: "Too." });
    };
    const { written, last } = await importOf(numbers(500).map(lineOf), { write });
    expect(written.flat()).toEqual(numbers(500).map(entry));
    expect(last.bad).toBe(0);
  });

  test("stops it if all do, and nothing is passed over", async () => {
    let calls = 0;
    const write = () => {
      calls++;
      throw new Error("Server Error");
    };
    const { states, error } = await importOf(numbers(2_000).map(lineOf), { write });
    expect(error).toMatchObject({ message: "Server Error" });
    expect(states).toEqual([]);
    expect(calls).toBeLessThan(50);
  });

  test("stops it at once if the caller is refused", async () => {
    let calls = 0;
    const write = () => {
      calls++;
      throw new ConvexError({ code: "wrong_key", message: "No." });
    };
    const { error } = await importOf(numbers(20).map(lineOf), { write });
    expect(error).toBeInstanceOf(ConvexError);
    expect(calls).toBe(1);
  });
});

test("one that was stopped goes on behind the last line that it told", async () => {
  const lines = [...numbers(700).map(lineOf), "bad\n", ...numbers(700).map((i) => lineOf(i + 701))];
  const first = await importOf(lines, { stopAt: 2 });
  expect(first.error).toBeDefined();
  expect(first.last).toMatchObject({ line: 1_001, written: 1_000, bad: 1 });
  const second = await importOf(lines, { from: first.last });
  expect(second.written.flat()).toEqual(numbers(400).map((i) => entry(i + 1_001)));
  expect(second.last).toMatchObject({ line: 1_401, written: 1_400, bad: 1, told: [{ line: 701 }] });
});

test("one that waits for its connection is stopped at once", async () => {
  const abort = new AbortController();
  const run = importEntries(new Blob([lineOf(1)]), {
    ...{ from: NOT_BEGUN, into: [], signal: abort.signal, onState: () => expect.fail() },
    write: () => {
      setTimeout(() => abort.abort(), 0);
      return new Promise(() => {});
    },
  });
  await expect(run).rejects.toThrow(/abort/);
});

describe("an export", () => {
  const run = async (readPage: Parameters<typeof exportEntries>[1]["readPage"]) => {
    const file = { text: "", isClosed: false, isAborted: false };
    const count = await exportEntries(
      {
        write: async (text) => void (file.text += text),
        close: async () => void (file.isClosed = true),
        abort: async () => void (file.isAborted = true),
      },
      {
        ...{ prefix: ["a"], isRelative: false, readPage, onProgress: () => {} },
        signal: new AbortController().signal,
      },
    ).catch((error: unknown) => error);
    return { ...file, count };
  };

  test("reads less at a time where a call cannot read so much", async () => {
    const limits: number[] = [];
    const file = await run(async ({ cursor = "0", limit }) => {
      limits.push(limit);
      if (limit > 20) throw new Error("Server Error");
      const from = Number(cursor);
      const entries = numbers(limit).map((i) => entry(from + i));
      return { entries, continueCursor: `${from + limit}`, isDone: from + limit >= 60 };
    });
    expect(limits.slice(0, 3)).toEqual([1_000, 125, 16]);
    expect(file).toMatchObject({ count: 64, isClosed: true, isAborted: false });
    expect(file.text).toBe(numbers(64).map(lineOf).join(""));
  });

  test("leaves no file behind if it fails", async () => {
    const file = await run(async () => {
      throw new Error("Server Error");
    });
    expect(file).toMatchObject({ isClosed: false, isAborted: true });
    expect(file.count).toMatchObject({ message: "Server Error" });
  });
});
