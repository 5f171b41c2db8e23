// Lines of text on a terminal of 80 columns.

const WIDTH = 80;
const INDENT = 4;

/** Columns that an indented line has. */
export const LINE = WIDTH - INDENT;

const isColourful =
  process.stdout.isTTY && !process.env["NO_COLOR"] && process.env["TERM"] !== "dumb";

const style = (on: number, off: number) => (text: string) =>
  isColourful ? `\u001b[${on}m${text}\u001b[${off}m` : text;

export const bold = style(1, 22);
export const dim = style(2, 22);
export const red = style(31, 39);
export const green = style(32, 39);
export const cyan = style(36, 39);

export function print(line = ""): void {
  console.log(line);
}

/** Prints lines, the first one after `lead`, the others below it. */
export function printBlock(lines: string[], lead = "", paint = (text: string) => text): void {
  const margin = " ".repeat(INDENT);
  lines.forEach((line, i) => {
    print(margin + (i === 0 ? lead : " ".repeat(visibleLength(lead))) + paint(line));
  });
}

/** Breaks a text into lines of at most `width` columns. */
export function wrap(text: string, width = LINE): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

function visibleLength(text: string): number {
  // eslint-disable-next-line no-control-regex -- that is what colours are made of
  return text.replace(/\u001b\[\d+m/g, "").length;
}
