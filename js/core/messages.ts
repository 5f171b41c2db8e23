import { jsonToConvex } from "convex/values";

/**
 * What is left of the transaction's limits, from ctx.meta.getTransactionMetrics(): the part that
 * plans use.
 */
export type PlanLimits = Record<
  "bytesRead" | "bytesWritten" | "documentsRead" | "documentsWritten" | "databaseQueries",
  { remaining: number }
>;

interface PageRequest {
  limit?: number;
  cursor?: string | null;
  reverse?: boolean;
}

/** A request that opens a plan. src/convex_kv/messages/plan_request.hpp says what each asks for. */
export type PlanRequest = {
  transactionLimits: PlanLimits | null;
} & (
  | ({ plan: "page"; endCursor?: string | null } & PageRequest)
  | { plan: "all" | "first"; reverse?: boolean }
  | ({ plan: "count" | "children" } & PageRequest)
  | { plan: "delete"; reverse?: boolean; now: number }
  | { plan: "sweep"; now: number; watermark?: number; since?: number }
  | { plan: "move" | "copy"; now: number; onConflict: string }
  | ({ plan: "migrate" } & InBackground)
  | ({ plan: "resume"; from: string } & InBackground)
);

interface InBackground {
  epoch: number;
  now: number;
  failures: number;
}

/** Rows by position among all read so far, from the first up to the second, exclusive. */
export type RowSpans = [number, number][];

/** A condition on a field of the index. */
type Bound<Value> = ["eq" | "gt" | "gte" | "lt" | "lte", field: string, Value];

export interface ReadStep {
  step: "read";
  /** In "fresh" all rows are meant that are, and the bounds are those of their paths. */
  index: "path" | "expiresAt" | "fresh";
  bounds: Bound<ArrayBuffer | number | string>[];
  /** Read no more rows than this, */
  maxRows: number;
  /** and none after the row that brings their sizes to this many bytes, */
  maxBytes: number;
  /** nor after the row that brings the bytes of their external values to this many. */
  maxValueBytes?: number;
  /** "desc": against the index's order. Absent: in the index's order. */
  order?: "desc";
}

export interface PageStep {
  step: "page";
  rows: RowSpans;
  cursor: string;
  isDone: boolean;
  /** Of a page up to `endCursor`: where to split it. */
  splitCursor?: string;
  pageStatus?: "SplitRecommended" | "SplitRequired";
}

export interface CountStep {
  step: "count";
  count: number;
  cursor: string;
  isDone: boolean;
}

export interface ChildrenStep {
  step: "children";
  /** For each child a row at or below it, and whether there are entries at it and below it. */
  children: [row: number, hasEntry: boolean, hasChildren: boolean][];
  cursor: string;
  isDone: boolean;
}

/** Delete some rows, then move, copy or migrate others. */
export interface WriteStep {
  step: "write";
  deleted: RowSpans;
  transferred: RowSpans;
}

/** The end of a batch. With an error, the work ends here. */
export interface BatchStep {
  step: "batch";
  deleted: number;
  transferred: number;
  skipped: number;
  error: { code: string; message: string } | null;
  /** Where a plan "resume" continues; null: nothing is left to do. */
  rest: string | null;
  /** What a deletion under way takes: up to `upper`, exclusive. */
  lower?: ArrayBuffer;
  upper?: ArrayBuffer;
}

/** What a plan says next. An error step never gets here: it is thrown. */
export type PlanStep =
  ReadStep | { step: "clock" } | WriteStep | PageStep | CountStep | ChildrenStep | BatchStep;

/** A step as the core writes it: src/convex_kv/messages/step_message.hpp. */
export type CoreStep =
  | (Omit<ReadStep, "bounds"> & { bounds: Bound<CoreValue>[] })
  | (Omit<BatchStep, "lower" | "upper"> & { lower?: Place; upper?: Place })
  | Exclude<PlanStep, ReadStep | BatchStep>
  | { step: "error"; code: string; message: string };

/** Where bytes are among the message's. */
type Place = [start: number, end: number];
type CoreValue = Place | string | number | { $float: string };

/**
 * A message as the core reads it: ASCII, and every number that is not a whole one as $float.
 * Malformed text becomes U+FFFD, so that the core gets to see it and say what is wrong with it.
 */
export function messageToJson(message: object): string {
  const text = JSON.stringify(message, (_name, value: unknown) =>
    typeof value === "number" && !Number.isSafeInteger(value) ? float(value) : value,
  );
  return text
    .replace(/\\ud[89a-f][0-9a-f]{2}/g, "\\ufffd")
    .replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function float(value: number): { $float: string } {
  const bytes = new Uint8Array(new Float64Array([value]).buffer);
  return { $float: btoa(String.fromCharCode(...bytes)) };
}

/** The value of a bound as the core writes it. `bytes` are the message's. */
export function boundValue(value: CoreValue, bytes: Uint8Array) {
  if (Array.isArray(value)) return bytesAt(value, bytes);
  if (typeof value !== "object") return value;
  const float = jsonToConvex({ $bytes: value.$float }) as ArrayBuffer;
  return new DataView(float).getFloat64(0, true);
}

/** The bytes at a place among the message's. */
export function bytesAt(place: Place, bytes: Uint8Array): ArrayBuffer {
  return bytes.slice(...place).buffer as ArrayBuffer;
}
