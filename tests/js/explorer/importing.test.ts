import { ConvexError } from "convex/values";
import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { afterEach, describe, expect, test, vi } from "vitest";
import type { NdjsonEntry } from "../../../explorer/ndjson/entry.js";
import { formatEntry } from "../../../explorer/ndjson/format.js";
import { brokenOff, forget, remember } from "../../../explorer/page/data/brokenOff.js";
import { exportEntries } from "../../../explorer/page/data/exportEntries.js";
import {
  importEntries,
  type ImportState,
  NOT_BEGUN,
} from "../../../explorer/page/data/importEntries.js";
import { saveFile } from "../../../explorer/page/data/saveFile.js";

// How the page imports and exports files, with a deployment that does not do what it is asked to.

const entry = (i: number): NdjsonEntry => ({ key: ["a", i], value: i });
const lineOf = (i: number) => formatEntry(entry(i));
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i);

type Written = Awaited<ReturnType<Parameters<typeof importEntries>[1]["write"]>>;

/** An import of these lines, in which `write` may throw. */
async function importOf(
  lines: (string | Uint8Array<ArrayBuffer>)[],
  {
    write = () => {},
    from = NOT_BEGUN,
    into = [],
    stopAt = Infinity,
  }: {
    /** What it tells beside how many were written. */
    write?(entries: NdjsonEntry[]): Partial<Written> | void;
    from?: ImportState;
    into?: KeyPart[];
    /** The state, counted from 1, with which it is stopped. */
    stopAt?: number;
  } = {},
) {
  const written: NdjsonEntry[][] = [];
  const states: ImportState[] = [];
  const abort = new AbortController();
  const run = importEntries(new Blob(lines), {
    ...{ from, into, signal: abort.signal },
    write: async (entries) => {
      const told = write(entries);
      written.push(entries);
      return { written: entries.length, skipped: 0, expired: 0, refused: [], ...told };
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

test("keys are put below another", async () => {
  const { written } = await importOf([lineOf(1)], { into: ["b", 7n] });
  expect(written.flat()).toEqual([{ key: ["b", 7n, "a", 1], value: 1 }]);
});

test("what was skipped, had expired or was refused is told, in the order of the lines", async () => {
  const write = (entries: NdjsonEntry[]) => ({
    ...{ written: entries.length - 6, skipped: 3, expired: 2 },
    refused: [{ index: 1, message: "No." }],
  });
  // The last line is seen to be bad before the batch is written.
  const { last } = await importOf([...numbers(10).map(lineOf), "bad\n"], { write });
  expect(last).toMatchObject({ written: 4, skipped: 3, expired: 2, bad: 2 });
  expect(last.told).toMatchObject([{ line: 2, message: "No." }, { line: 11 }]);
});

test("single lines that fail are passed over, however many they are", async () => {
  const write = (entries: NdjsonEntry[]) => {
    if (entries.some(({ value }) => (value as number) % 50 === 7)) throw new Error("Server Error");
  };
  const { written, last } = await importOf(numbers(1_000).map(lineOf), { write });
  expect(last).toMatchObject({ bad: 20, written: 980, line: 1_000 });
  expect(written.flat()).toHaveLength(980);
});

test("one that was done already has nothing to do, and stays done", async () => {
  const lines = numbers(20).map(lineOf);
  const { last } = await importOf(lines);
  const again = await importOf(lines.slice(0, 5), { from: last });
  expect(again.written).toEqual([]);
  expect(again.last.line).toBe(20);
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
  const run = async (
    readPage: Parameters<typeof exportEntries>[1]["readPage"],
    options: { isRelative?: boolean; signal?: AbortSignal } = {},
  ) => {
    const file = { text: "", isClosed: false, isAborted: false };
    const count = await exportEntries(
      {
        write: async (text) => void (file.text += text),
        close: async () => void (file.isClosed = true),
        abort: async () => void (file.isAborted = true),
      },
      {
        ...{ prefix: ["a"], isRelative: false, readPage, onProgress: () => {} },
        ...{ signal: new AbortController().signal, ...options },
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

  test("has keys without the prefix, if that is asked for", async () => {
    const page = {
      entries: [entry(1), { key: ["a"], value: 0 }],
      continueCursor: "",
      isDone: true,
    };
    const file = await run(async () => page, { isRelative: true });
    const lines = [
      { key: [1], value: 1 },
      { key: [], value: 0 },
    ].map(formatEntry);
    expect(file.text).toBe(lines.join(""));
  });

  test("that is stopped leaves no file behind, and reads no more", async () => {
    const abort = new AbortController();
    let reads = 0;
    const readPage = async () => {
      if (++reads === 3) abort.abort();
      if (reads === 9) expect.fail();
      return { entries: [entry(reads)], continueCursor: "next", isDone: false };
    };
    const file = await run(readPage, { signal: abort.signal });
    expect([reads, file.isClosed, file.isAborted]).toEqual([3, false, true]);
  });
});

describe("what the browser keeps", () => {
  afterEach(() => vi.unstubAllGlobals());

  test("an import is found again by its file and its place, until it is forgotten", () => {
    const kept = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (name: string) => kept.get(name) ?? null,
      setItem: (name: string, value: string) => void kept.set(name, value),
      removeItem: (name: string) => void kept.delete(name),
    });
    const fileOf = (text: string, lastModified: number) =>
      new File([text], "all.ndjson", { lastModified });
    const file = fileOf("abc", 1);
    const settings = { place: "here", into: "[]", onConflict: "skip" } as const;
    expect(brokenOff(file, "here")).toBeUndefined();
    remember(file, settings, { ...NOT_BEGUN, line: 7 });
    expect(brokenOff(fileOf("xyz", 1), "here")).toMatchObject({ settings, state: { line: 7 } });
    expect(brokenOff(file, "there")).toBeUndefined();
    expect(brokenOff(fileOf("abcd", 1), "here")).toBeUndefined();
    expect(brokenOff(fileOf("abc", 2), "here")).toBeUndefined();
    forget();
    expect(brokenOff(file, "here")).toBeUndefined();
    kept.set("convex-kv-explorer-import", "not JSON");
    expect(brokenOff(file, "here")).toBeUndefined();
  });

  test("whoever chooses no file to save to saves none, and other failures are told", async () => {
    const pick = (name: string) => async () => {
      throw new DOMException("", name);
    };
    vi.stubGlobal("window", { showSaveFilePicker: pick("AbortError") });
    expect(await saveFile("all.ndjson")).toBeNull();
    vi.stubGlobal("window", { showSaveFilePicker: pick("SecurityError") });
    await expect(saveFile("all.ndjson")).rejects.toMatchObject({ name: "SecurityError" });
  });
});
