import { convexToJson, type Value } from "convex/values";
import type { Host } from "../dev/backend/isolate/isolate.js";

// Calls of the component, and a platform that has their answers ready.

export interface Call {
  name: "get" | "set" | "list";
  method: "invokeQuery" | "invokeMutation";
  args: string;
  /** What the first query of the call finds. Others find nothing. */
  rows: string[];
}

const entries = Array.from({ length: 100 }, (_, i) => ["users", "0001", String(1000 + i)]);
const key = entries[0]!;

export const calls: Call[] = [
  { name: "get", method: "invokeQuery", args: json([{ key }]), rows: [row(key)] },
  { name: "set", method: "invokeMutation", args: json([{ key, value: "a value" }]), rows: [] },
  {
    name: "list",
    method: "invokeQuery",
    args: json([{ prefix: key.slice(0, 2), limit: entries.length }]),
    rows: entries.map(row),
  },
];

export function hostOf(call: Call): Host {
  const rows = [...call.rows];
  return {
    syscall: () => `{"queryId":1}`,
    asyncSyscall: (name) => Promise.resolve(answer(name, rows)),
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
