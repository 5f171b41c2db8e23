import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { NdjsonEntry } from "../../ndjson/entry.js";
import { formatEntry } from "../../ndjson/format.js";
import type { Saved } from "./saveFile.js";

/** The most entries of one call. If their values are large, there are fewer. */
const MOST = 1000;

interface Page {
  entries: NdjsonEntry[];
  continueCursor: string;
  isDone: boolean;
}

interface Export {
  prefix: KeyPart[];
  /** Whether keys are written without the prefix. */
  isRelative: boolean;
  readPage(args: { prefix: KeyPart[]; cursor?: string; limit: number }): Promise<Page>;
  onProgress(count: number): void;
  signal: AbortSignal;
}

/**
 * Writes all entries at and below a prefix into a file, page by page: those of each page as they
 * are when it is read. Resolves with how many they were.
 */
export async function exportEntries(file: Saved, settings: Export): Promise<number> {
  const { prefix, isRelative, onProgress, signal } = settings;
  let count = 0;
  let cursor: string | undefined;
  let limit = MOST;
  try {
    for (;;) {
      signal.throwIfAborted();
      let page: Page;
      try {
        page = await settings.readPage({ prefix, limit, ...(cursor !== undefined && { cursor }) });
      } catch (error) {
        // It may have been too much for one call.
        if (limit === 1) throw error;
        limit = Math.ceil(limit / 8);
        continue;
      }
      const lines = page.entries.map(({ key, ...rest }) =>
        formatEntry({ key: isRelative ? key.slice(prefix.length) : key, ...rest }),
      );
      await file.write(lines.join(""));
      count += lines.length;
      onProgress(count);
      if (page.isDone) break;
      cursor = page.continueCursor;
    }
    await file.close();
    return count;
  } catch (error) {
    await file.abort();
    throw error;
  }
}
