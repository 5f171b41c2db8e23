import type { FunctionType } from "../deployment.js";
import type { Usage } from "./usage.js";

/** What one function call did and cost. The calls that it made have separate records. */
export interface CallRecord {
  id: number;
  /** The call that made this one. */
  parent?: number;
  /** "" is the app. */
  component: string;
  /** "kv:get". */
  name: string;
  type: FunctionType;
  /** When it began, in ms since 1970. */
  at: number;
  /** To compile, link and evaluate the module, in ms. */
  loadMs: number;
  /** In the function's own code, without what it waited for, in ms. */
  userMs: number;
  /** From begin to end, in ms. */
  totalMs: number;
  /** Nested calls included, as the platform counts them. */
  usage: Usage;
  clockWasRead: boolean;
  error?: string;
}

/** The latest calls, oldest first. */
export class CallLog {
  private records: CallRecord[] = [];
  private lastId = 0;

  constructor(
    private readonly capacity: number,
    private readonly onCall: (record: CallRecord) => void,
  ) {}

  newId(): number {
    return ++this.lastId;
  }

  add(record: CallRecord): void {
    this.records.push(record);
    if (this.records.length > 2 * this.capacity) this.records = this.records.slice(-this.capacity);
    this.onCall(record);
  }

  /** The calls that ended after the one with this id began. */
  since(id: number): CallRecord[] {
    return this.records.filter((record) => record.id > id);
  }
}
