import { once } from "node:events";
import { styleText } from "node:util";

// What the program says: results on stdout, all else on stderr, so that results can go on into a
// pipe or a file.

/** Whoever reads has had enough, as `head` has: then there is nobody left to write for. */
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** Writes to stdout as it is, and waits while whoever reads is slower. */
export async function writeRaw(text: string | Uint8Array): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}

/** Writes a line to stdout. */
export async function print(line: string): Promise<void> {
  await writeRaw(`${withoutControls(line)}\n`);
}

/** Writes a line to stderr: what is done, and what is wrong. */
export function note(line: string): void {
  process.stderr.write(`${withoutControls(line).replaceAll("\x1b", "\\u001b")}\n`);
}

/**
 * The text with escapes for what a terminal may obey, or show in another order than it is written.
 * JSON and the explorer's notation, which strings of the store come in, read them back. Escape
 * itself is in neither, so that what is left of it is styles.
 */
function withoutControls(text: string): string {
  return text.replace(
    // eslint-disable-next-line no-control-regex
    /[\0-\x08\x0b-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** How many columns lines may have: those of the terminal; null: there is none. */
export function columns(): number | null {
  return process.stdout.isTTY ? process.stdout.columns || 80 : null;
}

/** Styles a text for stdout, if that is a terminal with colours, and NO_COLOR is not set. */
export function styled(style: "dim" | "bold" | "cyan", text: string): string {
  const { stdout } = process;
  // hasColors goes by NO_COLOR, but not with each value of it.
  const isPlain = !stdout.isTTY || !stdout.hasColors() || Boolean(process.env.NO_COLOR);
  return isPlain ? text : styleText(style, text);
}
