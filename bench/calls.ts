import { convexToJson, type Value } from "convex/values";
import type { Host } from "../dev/backend/isolate/isolate.js";

// Calls of the component, and a platform that has their answers ready.

export interface Call {
  name: "get" | "set" | "list";
  /** The module of the function. */
  file: "point.js" | "kv.js";
  /** Whether 1.0.3 has the same. Its `list` does not run on a deployment. */
  published: boolean;
  method: "invokeQuery" | "invokeMutation";
  args: string;
  /** What the query for entries finds. Others find nothing, that for entries of 1.x among them. */
  rows: string[];
}

const entries = Array.from({ length: 100 }, (_, i) => ["users", "0001", String(1000 + i)]);
const key = entries[0]!;

export const calls: Call[] = [
  {
    name: "get",
    file: "point.js",
    published: true,
    method: "invokeQuery",
    args: json([{ key }]),
    rows: [row(key)],
  },
  {
    name: "set",
    file: "point.js",
    published: true,
    method: "invokeMutation",
    args: json([{ key, value: "a value" }]),
    rows: [],
  },
  {
    name: "list",
    file: "kv.js",
    published: false,
    method: "invokeQuery",
    args: json([{ prefix: key.slice(0, 2), limit: entries.length }]),
    rows: entries.map(row),
  },
];

export function hostOf(call: Call): Host {
  let queries = 0;
  const rows = new Map<number, string[]>();
  return {
    syscall: (name, args) => {
      const queryId = ++queries;
      // That for entries of 1.x has an upper bound alone.
      const isForOld = args.includes('"Lt"') && !args.includes('"Gte"');
      const finds = name === "1.0/queryStream" && args.includes('"kv.') && !isForOld;
      rows.set(queryId, finds ? [...call.rows] : []);
      return JSON.stringify({ queryId });
    },
    asyncSyscall: (name, args) => {
      const { queryId } = JSON.parse(args) as { queryId?: number };
      return Promise.resolve(answer(name, rows.get(queryId!) ?? []));
    },
    now: () => 1_700_000_000_000,
    log: () => {},
    readRow: () => {},
  };
}

function answer(name: string, rows: string[]): string {
  switch (name) {
    case "1.0/queryStreamNext":
      return JSON.stringify([...rows.splice(0), `{"value":null,"done":true}`]);
    case "1.0/getTransactionMetrics":
      return METRICS;
    default:
      return `{"_id":"1"}`;
  }
}

// A transaction that has not begun: docs.convex.dev/production/state/limits
const limits = {
  bytesRead: 1 << 24,
  bytesWritten: 1 << 24,
  databaseQueries: 4_096,
  documentsRead: 32_000,
  documentsWritten: 16_000,
  functionsScheduled: 1_000,
  scheduledFunctionArgsBytes: 1 << 24,
};
const METRICS = JSON.stringify(
  Object.fromEntries(
    Object.entries(limits).map(([name, remaining]) => [name, { used: 0, remaining }]),
  ),
);

function row(key: string[]): string {
  // Not by the core: to have it here would leave V8 with its compiled wasm.
  const path = new TextEncoder().encode(key.join("/")).buffer;
  const fields = { key, path, value: "a value", updatedAt: 1, epoch: 0 };
  const value = convexToJson({ _id: "1", _creationTime: 1, ...fields });
  return JSON.stringify({ value, done: false });
}

function json(value: Value): string {
  return JSON.stringify(convexToJson(value));
}
