import { platform } from "./platform.js";
import type { Transaction } from "./transaction.js";

/** What counts against a transaction's limits. */
export interface Usage {
  documentsRead: number;
  bytesRead: number;
  documentsWritten: number;
  bytesWritten: number;
  /** Ranges of indexes, and single documents looked up. */
  databaseQueries: number;
}

const NONE: Usage = {
  documentsRead: 0,
  bytesRead: 0,
  documentsWritten: 0,
  bytesWritten: 0,
  databaseQueries: 0,
};

/** What the running transaction has used so far; nothing, if there is none. */
export async function usageOf(transaction: Transaction | undefined): Promise<Usage> {
  if (!transaction) return NONE;
  const answer = await platform.asyncSyscall("1.0/getTransactionMetrics", "{}");
  const metrics = JSON.parse(answer) as Record<keyof Usage, { used: number }>;
  return each((name) => metrics[name].used);
}

export function difference(after: Usage, before: Usage): Usage {
  return each((name) => after[name] - before[name]);
}

function each(value: (name: keyof Usage) => number): Usage {
  const names = Object.keys(NONE) as (keyof Usage)[];
  return Object.fromEntries(names.map((name) => [name, value(name)])) as unknown as Usage;
}
