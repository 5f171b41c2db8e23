import { setImmediate } from "node:timers/promises";
import type { JSONValue } from "convex/values";
import type { Backend, Change } from "../backend.js";
import type { FunctionPath, Outcome } from "../engine/engine.js";
import type { Transaction } from "../engine/transaction.js";
import {
  ProtocolError,
  encodeTs,
  parseMessage,
  type AddedQuery,
  type ClientMessage,
  type FunctionCall,
  type QueryModification,
  type ServerMessage,
  type StateModification,
} from "./protocol.js";

/** A query that the client is subscribed to. */
interface LiveQuery {
  query: AddedQuery;
  /** Its latest run; undefined if it has to run again. */
  run: { outcome: Outcome; transaction: Transaction | undefined } | undefined;
  /** The result that the client has, as JSON text. */
  told: string | undefined;
}

interface Version {
  querySet: number;
  identity: number;
  ts: bigint;
}

/** One client's connection: its queries, kept up to date, and its mutations, one after another. */
export class Session {
  /** What the client has been told, and what it has asked for. */
  private told: Version = { querySet: 0, identity: 0, ts: 0n };
  private asked = { querySet: 0, identity: 0 };
  private pending: QueryModification[] = [];
  /** Queries that are gone, of which the client has not been told. */
  private readonly removed: StateModification[] = [];
  private readonly queries = new Map<number, LiveQuery>();
  private mutations: Promise<void> = Promise.resolve();
  /** The client's mutation that is under way, and whether anything was committed meanwhile. */
  private mutation: Promise<void> | undefined;
  private isCommitted = false;
  private isAdmin = false;
  private isUpdating = false;
  private isUpdateWanted = false;
  private isClosed = false;
  private readonly stopListening: () => void;

  constructor(
    private readonly backend: Backend,
    private readonly connection: {
      send(text: string): void;
      /** Ends the connection, for a fault of the client's. */
      reject(reason: string): void;
    },
  ) {
    this.stopListening = backend.listen((change) => this.onChange(change));
  }

  close(): void {
    this.isClosed = true;
    this.stopListening();
  }

  ping(): void {
    this.send({ type: "Ping" });
  }

  receive(text: string): void {
    if (this.isClosed) return;
    try {
      this.handle(parseMessage(text));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.fail(error);
    }
  }

  private fail({ message }: ProtocolError): void {
    this.send({ type: "FatalError", error: message });
    this.close();
    this.connection.reject(message);
  }

  private handle(message: ClientMessage): void {
    switch (message.type) {
      case "Connect":
      case "Event":
        return;
      case "Authenticate":
        return this.authenticate(message);
      case "ModifyQuerySet":
        return this.modify(message);
      case "Mutation":
        // In the order in which the client sent them.
        this.mutations = this.mutations.then(async () => {
          this.mutation = this.mutate(message.requestId, message);
          await this.mutation;
          this.mutation = undefined;
        });
        return;
      case "Action":
        void this.act(message.requestId, message);
    }
  }

  private authenticate(message: ClientMessage & { type: "Authenticate" }): void {
    const { baseVersion } = message;
    if (baseVersion !== this.asked.identity) {
      throw new ProtocolError(mismatch(baseVersion, this.asked.identity));
    }
    const isAdmin = message.tokenType === "Admin" && message.value === this.backend.adminKey;
    if (message.tokenType !== "None" && !isAdmin) {
      const error = "The development backend knows no users, and no admin by this key.";
      this.send({ type: "AuthError", error, baseVersion, authUpdateAttempted: true });
      return;
    }
    this.isAdmin = isAdmin;
    this.asked.identity++;
    for (const query of this.queries.values()) query.run = undefined;
    this.update();
  }

  private modify(message: ClientMessage & { type: "ModifyQuerySet" }): void {
    const { baseVersion, newVersion, modifications } = message;
    if (baseVersion !== this.asked.querySet) {
      throw new ProtocolError(mismatch(baseVersion, this.asked.querySet));
    }
    if (newVersion <= baseVersion) {
      throw new ProtocolError(`New version ${newVersion} does not follow ${baseVersion}`);
    }
    this.checkIds(modifications);
    this.asked.querySet = newVersion;
    this.pending.push(...modifications);
    this.update();
  }

  private checkIds(modifications: QueryModification[]): void {
    const ids = new Set(this.queries.keys());
    const apply = ({ type, queryId }: QueryModification) => {
      if (type === "Add" && ids.has(queryId)) {
        throw new ProtocolError(`Duplicate query ID: ${queryId}`);
      }
      if (type === "Remove" && !ids.has(queryId)) {
        throw new ProtocolError(`Nonexistent query id: ${queryId}`);
      }
      if (type === "Add") ids.add(queryId);
      else ids.delete(queryId);
    };
    for (const modification of [...this.pending, ...modifications]) apply(modification);
  }

  private async mutate(requestId: number, call: FunctionCall): Promise<void> {
    const { outcome, ts } = await this.backend.mutation(pathOf(call), argsOf(call), this.isAdmin);
    this.isCommitted = false;
    const time = ts === undefined ? {} : { ts: encodeTs(ts) };
    this.send({ type: "MutationResponse", requestId, ...resultOf(outcome), ...time });
    // The client takes the mutation for done when it receives a time not before it.
    this.update();
  }

  private async act(requestId: number, call: FunctionCall): Promise<void> {
    const outcome = await this.backend.action(pathOf(call), argsOf(call), this.isAdmin);
    this.send({ type: "ActionResponse", requestId, ...resultOf(outcome) });
  }

  private onChange(change: Change): void {
    if (this.mutation) this.isCommitted = true;
    let isTouched = false;
    for (const query of this.queries.values()) {
      if (!query.run || !isTouchedBy(query.run.transaction, change)) continue;
      query.run = undefined;
      isTouched = true;
    }
    if (isTouched) this.update();
  }

  /** Brings the client up to date: soon, and once for all that happens until then. */
  private update(): void {
    this.isUpdateWanted = true;
    if (this.isUpdating) return;
    this.isUpdating = true;
    void this.runUpdates().finally(() => (this.isUpdating = false));
  }

  private async runUpdates(): Promise<void> {
    while (this.isUpdateWanted && !this.isClosed) {
      this.isUpdateWanted = false;
      const asked = { ...this.asked };
      const removed = this.applyPending();
      await this.runStale();
      if (this.isCommitted || this.backend.hasNews) {
        // Nothing is told of a mutation before its response: the client would show it twice, in the
        // results and by its optimistic update. And no time is told whose results may be stale.
        this.removed.push(...removed);
        this.isUpdateWanted = true;
        await (this.isCommitted ? this.mutation : setImmediate());
        continue;
      }
      // All results hold at this moment: whatever was committed meanwhile made them run again.
      const modifications = [...this.removed.splice(0), ...removed, ...this.news()];
      this.transition({ ...asked, ts: this.backend.ts }, modifications);
    }
  }

  private applyPending(): StateModification[] {
    const removed: StateModification[] = [];
    for (const modification of this.pending.splice(0)) {
      const { queryId } = modification;
      if (modification.type === "Add") {
        this.queries.set(queryId, { query: modification, run: undefined, told: undefined });
      } else {
        this.queries.delete(queryId);
        removed.push({ type: "QueryRemoved", queryId });
      }
    }
    return removed;
  }

  private async runStale(): Promise<void> {
    for (;;) {
      const stale = [...this.queries.values()].filter(({ run }) => run === undefined);
      if (stale.length === 0) return;
      await Promise.all(
        stale.map(async (live) => {
          live.run = await this.backend.query(pathOf(live.query), argsOf(live.query), this.isAdmin);
        }),
      );
    }
  }

  private news(): StateModification[] {
    const news: StateModification[] = [];
    for (const [queryId, live] of this.queries) {
      const { outcome } = live.run!;
      const { logLines, ...result } = outcome;
      const text = JSON.stringify(result).replace(/\[Request ID: \w+\]/, "");
      if (text === live.told) continue;
      live.told = text;
      const common = { queryId, logLines, journal: null };
      if ("value" in result) news.push({ type: "QueryUpdated", ...common, value: result.value });
      else news.push({ type: "QueryFailed", ...common, ...result });
    }
    return news;
  }

  private transition(next: Version, modifications: StateModification[]): void {
    const wire = ({ ts, ...version }: Version) => ({ ...version, ts: encodeTs(ts) });
    this.send({
      type: "Transition",
      startVersion: wire(this.told),
      endVersion: wire(next),
      modifications,
    });
    this.told = next;
  }

  private send(message: ServerMessage): void {
    if (!this.isClosed) this.connection.send(JSON.stringify(message));
  }
}

/** Whether a query that ran in this transaction has to run again. */
function isTouchedBy(transaction: Transaction | undefined, change: Change): boolean {
  if ("deployed" in change) return true;
  if (!transaction) return false;
  const { ts, writes } = change.committed;
  return ts! > transaction.snapshot && transaction.reads.isTouchedBy(writes);
}

function mismatch(base: number, current: number): string {
  return `Base version ${base} passed up doesn't match the current version ${current}`;
}

function pathOf({ udfPath, componentPath = "" }: FunctionCall): FunctionPath {
  return { component: componentPath, name: udfPath };
}

function argsOf({ args }: FunctionCall): JSONValue {
  return args.length === 0 ? {} : args[0]!;
}

function resultOf({ logLines, ...outcome }: Outcome) {
  if ("value" in outcome) return { success: true as const, result: outcome.value, logLines };
  const { errorMessage, ...data } = outcome;
  return { success: false as const, result: errorMessage, ...data, logLines };
}
