// Writes a file on the user's machine, bit by bit.

/** A file that is being written. */
export interface Saved {
  write(text: string): Promise<void>;
  /** Ends the file: it is whole. */
  close(): Promise<void>;
  /** Leaves no file behind. */
  abort(): Promise<void>;
}

// Not every browser has it, and so TypeScript does not know it.
declare global {
  interface Window {
    showSaveFilePicker?(options: { suggestedName: string }): Promise<FileSystemFileHandle>;
  }
}

/**
 * Asks where to save a file of this name. If the browser can stream to it, nothing is held in
 * memory; else the file is downloaded when it is whole. Null: the user chose none.
 */
export async function saveFile(name: string): Promise<Saved | null> {
  if (!window.showSaveFilePicker) return downloaded(name);
  let handle;
  try {
    handle = await window.showSaveFilePicker({ suggestedName: name });
  } catch (error) {
    if ((error as Error).name === "AbortError") return null;
    throw error;
  }
  const stream = await handle.createWritable();
  return {
    write: (text) => stream.write(text),
    close: () => stream.close(),
    abort: () => stream.abort(),
  };
}

function downloaded(name: string): Saved {
  // The browser may keep blobs on disk, and not strings.
  const parts: Blob[] = [];
  return {
    write: async (text) => void parts.push(new Blob([text])),
    close: async () => {
      const url = URL.createObjectURL(new Blob(parts, { type: "application/x-ndjson" }));
      const link = Object.assign(document.createElement("a"), { href: url, download: name });
      link.click();
      // The download has begun by then.
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
    },
    abort: async () => void parts.splice(0),
  };
}
