import { ReadSet, type Fields, type Write } from "./reads.js";

/** What one transaction read and wrote, over all the functions that ran in it. */
export class Transaction {
  readonly reads = new ReadSet();
  readonly writes: Write[] = [];
  /** Resolves with the commit's time, once that is reported. */
  committed: Promise<bigint> | undefined;
  /** The commit's time. */
  ts: bigint | undefined;
  /** Documents as the transaction last saw them, by component and id. */
  private readonly seen = new Map<string, Fields>();

  /**
   * @param now The time that all of its functions see, in ms since 1970.
   * @param snapshot The time of the latest commit that it sees.
   */
  constructor(
    readonly now: number,
    readonly snapshot: bigint,
  ) {}

  see(component: string, id: string, document: Fields): void {
    this.reads.addDocument(component, id);
    this.seen.set(`${component}:${id}`, document);
  }

  wrote(component: string, table: string, id: string, document: Fields | null): void {
    this.record({ component, table, id, document, isWhole: true });
  }

  /** Some fields were changed: of a document that may not have been seen before. */
  patched(component: string, table: string, id: string, changes: Fields): void {
    const before = this.seen.get(`${component}:${id}`);
    const document = { ...before, ...changes };
    this.record({ component, table, id, document, isWhole: before !== undefined });
  }

  /** All fields but the system's own were replaced. */
  replaced(component: string, table: string, id: string, fields: Fields): void {
    const { _id, _creationTime } = this.seen.get(`${component}:${id}`) ?? {};
    const isWhole = _creationTime !== undefined;
    const document = { ...fields, ...(isWhole && { _id: _id!, _creationTime }) };
    this.record({ component, table, id, document, isWhole });
  }

  private record(write: Write): void {
    if (write.document && write.isWhole) {
      this.seen.set(`${write.component}:${write.id}`, write.document);
    }
    this.writes.push(write);
  }

  /** If a function fails and its caller continues, what it wrote is undone. */
  rollBack(writes: number): void {
    if (this.writes.length === writes) return;
    this.writes.length = writes;
    this.seen.clear();
  }
}
