export interface IndexRange {
  indexName: string;
  range: { type: string; fieldPath: string; value: unknown }[];
  /** Most rows wanted; undefined: all. */
  limit: number | undefined;
}

/** What the platform answers to Convex.syscall and Convex.asyncSyscall, by name. */
export type Syscalls = Record<string, (args: never) => unknown>;

interface Query {
  source: Omit<IndexRange, "limit">;
  operators: { limit?: number }[];
}

/** Answers to the database's calls, over a table without rows. Each range read goes to `ranges`. */
export function emptyTable(ranges: IndexRange[] = []): Syscalls {
  return {
    "1.0/queryStream": ({ query }: { query: Query }) => {
      const { indexName, range } = query.source;
      const limit = query.operators.find((operator) => "limit" in operator)?.limit;
      ranges.push({ indexName, range, limit });
      return { queryId: ranges.length };
    },
    "1.0/queryStreamNext": () => ({ value: null, done: true }),
    "1.0/queryCleanup": () => ({}),
    "1.0/getTransactionMetrics": () => {
      throw new Error("Not told");
    },
  };
}
