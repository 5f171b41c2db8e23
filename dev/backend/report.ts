import type { CallRecord } from "./engine/calls.js";

// The calls as a table that grows.

const HEADINGS = ["own ms", "load ms", "read", "", "written", "", "clock"];
const WIDTHS = [8, 8, 6, 9, 7, 9, 6];
const NAME_WIDTH = 44;

/** How deep the calls that have not ended yet are: their own lines come after those they made. */
export function heading(): string {
  const columns = HEADINGS.map((heading, i) => heading.padStart(WIDTHS[i]!));
  return "call".padEnd(NAME_WIDTH) + columns.join("");
}

export function line(record: CallRecord): string {
  const { component, name, type, usage, error } = record;
  const path = component === "" ? name : `${component}/${name}`;
  const indent = record.parent === undefined ? "" : "  ";
  const cells = [
    record.userMs.toFixed(2),
    record.loadMs.toFixed(2),
    String(usage.documentsRead),
    readableBytes(usage.bytesRead),
    String(usage.documentsWritten),
    readableBytes(usage.bytesWritten),
    record.clockWasRead ? "read" : "",
  ];
  const columns = cells.map((cell, i) => cell.padStart(WIDTHS[i]!));
  const label = `${indent}${type.charAt(0).toUpperCase()} ${path}`.padEnd(NAME_WIDTH);
  return label + columns.join("") + (error === undefined ? "" : `  ! ${firstLine(error)}`);
}

function readableBytes(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  const [value, unit] = bytes < 1_000_000 ? [bytes / 1_000, "kB"] : [bytes / 1_000_000, "MB"];
  return `${value.toFixed(1)} ${unit}`;
}

function firstLine(text: string): string {
  return text.split("\n")[0]!.slice(0, 80);
}
