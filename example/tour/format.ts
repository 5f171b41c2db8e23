// Values as one would write them in TypeScript, cut short if they are long.

const LONGEST_STRING = 56;
const MOST_SCALARS = 12;
const MOST_OBJECTS = 5;

/**
 * The lines of a value, each at most `width` columns if possible. On one line, if it is no longer
 * than `room`.
 */
export function formatValue(value: unknown, width: number, room = width): string[] {
  const line = oneLine(value);
  if (line.length <= room || !isContainer(value)) return [line];
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const items = itemsOf(value).flatMap(({ lead, item, isMore }) => {
    if (isMore) return [`  ${lead}`];
    const lines = formatValue(item, width - 3, width - 3 - lead.length);
    return lines.map(
      (text, i) => `  ${i === 0 ? lead : ""}${text}${i === lines.length - 1 ? "," : ""}`,
    );
  });
  return [open, ...items, close];
}

function oneLine(value: unknown): string {
  if (typeof value === "string") return formatString(value);
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "number") return formatNumber(value);
  if (value instanceof ArrayBuffer) return `bytes ${Buffer.from(value).toString("hex")}`;
  if (!isContainer(value)) return String(value);
  const items = itemsOf(value).map(
    ({ lead, item, isMore }) => lead + (isMore ? "" : oneLine(item)),
  );
  if (Array.isArray(value)) return `[${items.join(", ")}]`;
  return items.length === 0 ? "{}" : `{ ${items.join(", ")} }`;
}

type Item = { lead: string; item?: unknown; isMore?: boolean };

function itemsOf(value: object): Item[] {
  if (!Array.isArray(value)) {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => ({ lead: `${name}: `, item }));
  }
  const items = value.map((item: unknown) => ({ lead: "", item }));
  const isShort = value.length <= MOST_SCALARS && !value.some(isContainer);
  if (isShort || value.length <= MOST_OBJECTS) return items;
  const more = { lead: `... ${items.length - 3} more ...`, isMore: true };
  return [...items.slice(0, 2), more, ...items.slice(-1)];
}

function formatString(text: string): string {
  if (text.length <= LONGEST_STRING) return JSON.stringify(text);
  const size = text.length.toLocaleString("en-US");
  return `${JSON.stringify(text.slice(0, 24))}... (${size} characters)`;
}

// Milliseconds since the Unix epoch say little to a reader.
function formatNumber(value: number): string {
  return value > 1.7e12 && value < 2e12 ? `${value} (${readableTime(value)})` : String(value);
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A time as a reader wants it: "Mon 9 Mar 09:00". */
export function readableTime(time: number): string {
  const date = new Date(time);
  const month = date.toUTCString().split(" ")[2];
  const clock = date.toISOString().slice(11, 16);
  return `${days[date.getUTCDay()]} ${date.getUTCDate()} ${month} ${clock}`;
}

function isContainer(value: unknown): value is object {
  return typeof value === "object" && value !== null && !(value instanceof ArrayBuffer);
}
