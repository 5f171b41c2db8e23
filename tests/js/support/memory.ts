import component from "@hamzasaleemorg/convex-kv/test";
import { type FunctionReference, getFunctionName } from "convex/server";
import { getDocumentSize, type Value } from "convex/values";
import { compareFields } from "../../../dev/backend/engine/indexes.js";

// The component on a database of our own, with the platform's limits. convex-test looks at every
// document for each query: tens of thousands of entries would take it minutes.

type Document = Record<string, Value | undefined> & { _id: string; _creationTime: number };
type Metric = "bytesRead" | "documentsRead" | "documentsWritten" | "databaseQueries";
type Usage = Record<Metric, number>;
type Bound = { compare: string; field: string; value: Value | undefined };
type Handler = (ctx: object, args: object) => Promise<unknown>;

const LIMITS: Usage = {
  bytesRead: 16 << 20,
  documentsRead: 32_000,
  documentsWritten: 16_000,
  databaseQueries: 4_096,
};

const NOTHING: Usage = { bytesRead: 0, documentsRead: 0, documentsWritten: 0, databaseQueries: 0 };

export class MemoryBackend {
  /** What each transaction used, in order. */
  readonly transactions: Usage[] = [];

  private readonly tables = new Map<string, Map<string, Document>>();
  private readonly sorted = new Map<string, Document[]>();
  private readonly scheduled = new Map<string, { name: string; args: object; at: number }>();
  private created = 0;

  insert(table: string, fields: Record<string, unknown>): string {
    this.created += 1;
    const _id = `${this.created}${table}`;
    const document = { ...fields, _id, _creationTime: this.created } as Document;
    this.table(table).set(_id, document);
    this.forgetOrder(table);
    return _id;
  }

  documents(table: string): Document[] {
    return [...this.table(table).values()];
  }

  /** Runs one of the component's functions, "kv:deleteAll", in a separate transaction. */
  async call(name: string, args: object): Promise<unknown> {
    const usage = { ...NOTHING };
    this.transactions.push(usage);
    return await this.run(name, args, usage);
  }

  private async run(name: string, args: object, usage: Usage): Promise<unknown> {
    const [file, exported] = name.split(":") as [string, string];
    const modules = component.modules as Record<string, () => Promise<unknown>>;
    const module = (await modules[`../convex/${file}.js`]!()) as Record<
      string,
      { _handler: Handler }
    >;
    return await module[exported]!._handler(this.context(usage), args);
  }

  /** Runs what is due, and what that schedules, until nothing is. */
  async runDue(): Promise<void> {
    for (;;) {
      const due = [...this.scheduled].find(([, { at }]) => at <= Date.now());
      if (!due) return;
      this.scheduled.delete(due[0]);
      await this.call(due[1].name, due[1].args);
    }
  }

  private table(name: string): Map<string, Document> {
    if (!this.tables.has(name)) this.tables.set(name, new Map());
    return this.tables.get(name)!;
  }

  private forgetOrder(table: string): void {
    for (const name of this.sorted.keys()) {
      if (name.startsWith(`${table}.`)) this.sorted.delete(name);
    }
  }

  /** The documents in the index's order, with such as were deleted since it was made. */
  private inOrder(table: string, index: string): Document[] {
    const name = `${table}.${index}`;
    if (!this.sorted.has(name)) {
      const fields = index === "" ? [] : indexFields(table, index);
      const order = (a: Document, b: Document) => {
        for (const field of fields) {
          const result = compareFields(a[field], b[field]);
          if (result !== 0) return result;
        }
        return a._creationTime - b._creationTime;
      };
      this.sorted.set(name, this.documents(table).sort(order));
    }
    return this.sorted.get(name)!;
  }

  private context(usage: Usage): object {
    const spend = (metric: Metric, amount: number) => {
      usage[metric] += amount;
      if (usage[metric] > LIMITS[metric]) throw new Error(`Too many ${metric}`);
    };
    const read = (document: Document) => {
      spend("documentsRead", 1);
      spend("bytesRead", getDocumentSize(document as Record<string, Value>));
    };
    const find = (table: string, id: string): Document => {
      const document = this.table(table).get(id);
      if (!document) throw new Error(`No document ${id}`);
      read(document);
      return document;
    };
    const change = (table: string, id: string, document: Document) => {
      spend("documentsWritten", 1);
      this.table(table).set(id, document);
      this.forgetOrder(table);
    };
    const system = {
      normalizeId: (_: string, id: string) => id,
      get: async (_: string, id: string) => {
        spend("databaseQueries", 1);
        return this.scheduled.has(id) ? { _id: id, state: { kind: "pending" } } : null;
      },
    };
    const db = {
      system,
      query: (table: string) =>
        new Query(
          () => this.inOrder(table, ""),
          this.table(table),
          read,
          spend,
          (index) => this.inOrder(table, index),
        ),
      get: async (table: string, id: string) => {
        spend("databaseQueries", 1);
        const document = this.table(table).get(id) ?? null;
        if (document) read(document);
        return document;
      },
      insert: async (table: string, fields: object) => {
        spend("documentsWritten", 1);
        return this.insert(table, fields as Record<string, unknown>);
      },
      replace: async (table: string, id: string, fields: object) => {
        const { _id, _creationTime } = find(table, id);
        change(table, id, { ...fields, _id, _creationTime });
      },
      patch: async (table: string, id: string, fields: object) => {
        change(table, id, { ...find(table, id), ...fields });
      },
      delete: async (table: string, id: string) => {
        find(table, id);
        spend("documentsWritten", 1);
        this.table(table).delete(id);
      },
    };
    const runAt = async (at: number, ref: FunctionReference<"mutation">, args: object) => {
      const id = `call${this.created++}`;
      this.scheduled.set(id, { name: getFunctionName(ref), args, at });
      return id;
    };
    const scheduler = {
      runAt,
      runAfter: (ms: number, ref: FunctionReference<"mutation">, args: object) =>
        runAt(Date.now() + ms, ref, args),
      cancel: async (id: string) => void this.scheduled.delete(id),
    };
    const getTransactionMetrics = async () =>
      Object.fromEntries(
        Object.entries(LIMITS).map(([metric, limit]) => {
          const used = usage[metric as Metric];
          return [metric, { used, remaining: limit - used }];
        }),
      );
    const runMutation = (ref: FunctionReference<"mutation">, args: object) =>
      this.run(getFunctionName(ref), args, usage);
    return { db, scheduler, runMutation, meta: { getTransactionMetrics } };
  }
}

class Query {
  private readonly bounds: Bound[] = [];
  private most = Infinity;
  private descending = false;

  constructor(
    private documents: () => Document[],
    private readonly live: Map<string, Document>,
    private readonly read: (document: Document) => void,
    private readonly spend: (metric: Metric, amount: number) => void,
    private readonly inOrder: (index: string) => Document[],
  ) {}

  withIndex(index: string, range?: (q: object) => unknown): this {
    this.documents = () => this.inOrder(index);
    const builder: Record<string, unknown> = {};
    for (const compare of ["eq", "gt", "gte", "lt", "lte"]) {
      builder[compare] = (field: string, value: Value | undefined) => {
        this.bounds.push({ compare, field, value });
        return builder;
      };
    }
    range?.(builder);
    return this;
  }

  order(order: "asc" | "desc"): this {
    this.descending = order === "desc";
    return this;
  }

  limit(most: number): this {
    this.most = most;
    return this;
  }

  async first(): Promise<Document | null> {
    for (const document of this.limit(1).run()) return document;
    return null;
  }

  async take(most: number): Promise<Document[]> {
    return [...this.limit(most).run()];
  }

  async collect(): Promise<Document[]> {
    return [...this.run()];
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Document> {
    for (const document of this.run()) yield document;
  }

  private *run(): Generator<Document> {
    this.spend("databaseQueries", 1);
    const documents = this.documents();
    const [first, last] = [this.border(documents, "below"), this.border(documents, "within")];
    let count = 0;
    for (let i = first; i < last && count < this.most; i++) {
      const document = documents[this.descending ? first + last - 1 - i : i]!;
      if (!this.live.has(document._id)) continue;
      count += 1;
      this.read(document);
      yield document;
    }
  }

  /** The first document that is not below the range, or neither below nor within it. */
  private border(documents: Document[], side: "below" | "within"): number {
    let [low, high] = [0, documents.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      const place = this.place(documents[middle]!);
      if (place < 0 || (side === "within" && place === 0)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Whether a document is below the range (-1), within it (0), or above it (1). */
  private place(document: Document): number {
    for (const { compare, field, value } of this.bounds) {
      const order = compareFields(document[field], value);
      if (compare === "eq" && order !== 0) return order;
      if (compare === "gt" && order <= 0) return -1;
      if (compare === "gte" && order < 0) return -1;
      if (compare === "lt" && order >= 0) return 1;
      if (compare === "lte" && order > 0) return 1;
    }
    return 0;
  }
}

interface Declared {
  " indexes"(): { indexDescriptor: string; fields: string[] }[];
}

function indexFields(table: string, index: string): string[] {
  const tables = component.schema.tables as unknown as Record<string, Declared>;
  const found = tables[table]![" indexes"]().find(
    ({ indexDescriptor }) => indexDescriptor === index,
  );
  return found!.fields;
}
