// How numbers are shown to people.

const whole = new Intl.NumberFormat("en-GB");

export function formatCount(count: number, isMore = false): string {
  return whole.format(count) + (isMore ? "+" : "");
}

export function entriesText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? "entry" : "entries"}`;
}

export function formatSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 1024 ** 2 ? [bytes / 1024, "KiB"] : [bytes / 1024 ** 2, "MiB"];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in two units: "6 d 4 h", "12:07". */
export function formatSpan(milliseconds: number): string {
  const left = Math.max(0, milliseconds);
  if (left >= DAY) return `${Math.floor(left / DAY)} d ${Math.floor((left % DAY) / HOUR)} h`;
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  const [hours, minutes] = [Math.floor(left / HOUR), (left % HOUR) / MINUTE];
  const seconds = (left % MINUTE) / SECOND;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(seconds)}`
    : `${Math.floor(minutes)}:${two(seconds)}`;
}

/** How long ago: "just now", "5 min", "3 d". */
export function formatAgo(milliseconds: number): string {
  if (milliseconds < 5 * SECOND) return "just now";
  if (milliseconds < MINUTE) return `${Math.floor(milliseconds / SECOND)} s ago`;
  if (milliseconds < HOUR) return `${Math.floor(milliseconds / MINUTE)} min ago`;
  if (milliseconds < DAY) return `${Math.floor(milliseconds / HOUR)} h ago`;
  return `${Math.floor(milliseconds / DAY)} d ago`;
}

const date = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export function formatTime(time: number): string {
  return date.format(time);
}
