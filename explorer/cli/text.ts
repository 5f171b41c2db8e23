import stringWidth from "string-width";
import { stripVTControlCharacters } from "node:util";

/** A time as ISO 8601 has it, in UTC, to the second: 2027-01-31T12:00:00Z. */
export function formatTimestamp(time: number): string {
  // Times that no date reaches are possible, and last practically for ever.
  if (Math.abs(time) > 8.64e15) return `${time} ms`;
  return new Date(time).toISOString().replace(/\.\d+Z$/, "Z");
}

/** The text with spaces behind it, up to so many columns of a terminal. */
export function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}

/** The columns that the widest of these texts takes. */
padded.widest = (texts: string[]): number => Math.max(0, ...texts.map((text) => stringWidth(text)));

/** The text, or its beginning and "…" if it is wider than so many columns; null: no bound. */
export function fitted(text: string, width: number | null): string {
  if (width === null || stringWidth(text) <= width) return text;
  // Styles would be cut off with the text.
  const segments = [...new Intl.Segmenter().segment(stripVTControlCharacters(text))];
  let fits = "";
  let used = 1;
  for (const { segment } of segments) {
    used += stringWidth(segment);
    if (used > width) break;
    fits += segment;
  }
  return `${fits}…`;
}
