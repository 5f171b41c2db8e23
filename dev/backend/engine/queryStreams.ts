import { uncounted } from "./meter.js";
import { platform } from "./platform.js";
import type { Bound, Fields, RangeRead } from "./reads.js";
import type { Transaction } from "./transaction.js";

/** A query as the convex library writes it. */
export interface Query {
  source:
    | { type: "FullTableScan"; tableName: string; order?: "asc" | "desc" | null }
    | { type: "IndexRange"; indexName: string; range: Bound[]; order?: "asc" | "desc" | null }
    | { type: "Search"; indexName: string };
  operators: { limit?: number }[];
}

/** Most rows to fetch ahead, and the bytes after which to stop. */
const MAX_ROWS = 256;
const MAX_BYTES = 1 << 18;

interface Stream {
  query: Query;
  /** convex-test's own id, once it has started. */
  id: Promise<number> | undefined;
  /** For each row that was fetched: notes that it is read. */
  fetched: (() => void)[];
  rowsRead: number;
  range: RangeRead;
}

/** The queries of one function call, and what they read of their ranges. */
export class QueryStreams {
  private readonly streams = new Map<number, Stream>();
  private lastId = 0;

  constructor(
    private readonly component: string,
    private readonly transaction: Transaction,
    /** The fields of an index: "kv.path". */
    private readonly indexFields: (indexName: string) => string[],
  ) {}

  /** It starts when its first row is asked for: outside of the function's own time. */
  open(query: Query): number {
    const id = ++this.lastId;
    const range = this.rangeOf(query);
    this.streams.set(id, { query, id: undefined, fetched: [], rowsRead: 0, range });
    return id;
  }

  /** As many rows as are worth fetching at a time: each as the platform would answer one. */
  async fetch(id: number): Promise<string[]> {
    const stream = this.stream(id);
    stream.id ??= start(stream.query);
    const queryId = await stream.id;
    const answers: string[] = [];
    let bytes = 0;
    let isDone = false;
    while (!isDone && answers.length < MAX_ROWS && bytes < MAX_BYTES) {
      const { result, count } = uncounted(() =>
        platform.asyncSyscall("1.0/queryStreamNext", JSON.stringify({ queryId })),
      );
      const answer = await result;
      const { value, done } = JSON.parse(answer) as { value: Fields; done: boolean };
      stream.fetched.push(() => {
        if (done) this.noteEnd(stream);
        else this.noteRow(stream, value);
        count();
      });
      answers.push(answer);
      bytes += answer.length;
      isDone = done;
    }
    return answers;
  }

  /** Counts the next row that was fetched. */
  readRow(id: number): void {
    this.stream(id).fetched.shift()?.();
  }

  /** Notes the whole range of a query that is run by other means. */
  noteWhole(query: Query): void {
    this.transaction.reads.ranges.push(this.rangeOf(query));
  }

  private noteRow(stream: Stream, row: Fields): void {
    if (stream.rowsRead === 0) this.transaction.reads.ranges.push(stream.range);
    stream.rowsRead++;
    stream.range.last = row;
    this.transaction.see(this.component, row._id as string, row);
  }

  /** There are no more rows: in the range, or within the limit, and then none were looked for. */
  private noteEnd({ query, rowsRead, range }: Stream): void {
    if (rowsRead === 0) this.transaction.reads.ranges.push(range);
    if (query.operators.some(({ limit }) => limit === rowsRead)) return;
    range.last = undefined;
  }

  private stream(id: number): Stream {
    const stream = this.streams.get(id);
    if (!stream) throw new Error("Bad queryId");
    return stream;
  }

  private rangeOf({ source }: Query): RangeRead {
    const index = source.type === "FullTableScan" ? undefined : source.indexName;
    const table =
      source.type === "FullTableScan" ? source.tableName : source.indexName.split(".")[0]!;
    return {
      component: this.component,
      table,
      fields: index === undefined ? ["_creationTime"] : this.indexFields(index),
      bounds: source.type === "IndexRange" ? source.range : [],
      order: (source.type !== "Search" && source.order) || "asc",
      last: undefined,
    };
  }
}

async function start(query: Query): Promise<number> {
  const answer = platform.syscall("1.0/queryStream", JSON.stringify({ query }));
  return (JSON.parse(answer) as { queryId: number }).queryId;
}
