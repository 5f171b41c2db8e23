import type { ImportState } from "./importEntries.js";

// How far the last import came, for the case that its tab is closed. It tells the file by its name,
// size and time: another of the same name is another file.

const NAME = "convex-kv-explorer-import";

/** What an import is the same by. */
export interface ImportSettings {
  /** The deployment and its component. */
  place: string;
  /** The key that entries are put below, as it is written in code. */
  into: string;
  onConflict: "overwrite" | "skip";
}

interface BrokenOff {
  file: string;
  settings: ImportSettings;
  state: ImportState;
}

const identityOf = ({ name, size, lastModified }: File) =>
  JSON.stringify([name, size, lastModified]);

/** How far an import of this file into this place came, if it was not ended. */
export function brokenOff(file: File, place: string): BrokenOff | undefined {
  try {
    const found = JSON.parse(localStorage.getItem(NAME) ?? "null") as BrokenOff | null;
    const isSame = found?.file === identityOf(file) && found.settings.place === place;
    return isSame ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers how far an import is. */
export function remember(file: File, settings: ImportSettings, state: ImportState): void {
  const whole: BrokenOff = { file: identityOf(file), settings, state };
  try {
    localStorage.setItem(NAME, JSON.stringify(whole));
  } catch {
    // Without it, an import that is broken off begins anew.
  }
}

/** Forgets it: it is done. */
export function forget(): void {
  localStorage.removeItem(NAME);
}
