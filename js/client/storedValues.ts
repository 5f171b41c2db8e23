import { addendOf } from "./counting.js";
import { HandlerHandle } from "./expiryHandler.js";
import type { KeyPart } from "./key.js";
import { isPromise, type Maybe } from "./promise.js";
import { checkStorable } from "./storable.js";
import { defaultTtl, prolonging, type Prolonging } from "./storeExpiry.js";
import type { StoreOptions } from "./storeOptions.js";
import type { NumberOptions, SetOptions } from "./types.js";
import { checkRead, fitted } from "./validator.js";

/** An entry as the component takes it. */
export interface EntryArgs {
  key: KeyPart[];
  value: unknown;
  metadata: unknown;
  ttl: number | undefined;
  expiresAt: number | undefined;
  keepTtl: boolean | "ifSet" | undefined;
  exact: true | undefined;
  onExpire: string | undefined;
  addend: number | undefined;
  separate: true | undefined;
  ifAbsent: boolean | undefined;
  whenLeft: number | undefined;
}

/** What a write says of the entry's expiry, beside when. */
type Expiring = Pick<EntryArgs, "exact" | "onExpire">;

/** A number to calculate with, as the component takes it. */
export type NumberArgs = Omit<
  EntryArgs,
  "value" | "addend" | "separate" | "ifAbsent" | "whenLeft"
> & {
  operand: number | bigint;
  defaultMetadata: unknown;
};

/** What reading looks at: an entry, with its value unless `includeValues` was false. */
interface ReadEntry {
  key: KeyPart[];
  value?: unknown;
}

/** Applies a store's options to the values that it writes and reads. Keys are absolute. */
export class StoredValues<In> {
  private readonly handler: HandlerHandle | undefined;

  constructor(private readonly options: StoreOptions<unknown, In>) {
    const { onExpire } = options;
    this.handler = onExpire === undefined ? undefined : new HandlerHandle(onExpire);
  }

  /** Whether entries are to be deleted at their expiry, as the component takes it. */
  private get exact(): true | undefined {
    const { counted } = this.options;
    const { expiry = this.handler || counted ? "exact" : "lazy" } = this.options;
    return expiry === "exact" ? true : undefined;
  }

  /** How `touch` prolongs entries. Throws invalid_expiry if the options do not say. */
  get prolonging(): Prolonging {
    return prolonging(this.options);
  }

  /** Whether reading prolongs entries. */
  get isSliding(): boolean {
    return Boolean(this.options.sliding);
  }

  /** Whether values are checked when they are read. */
  get checksReads(): boolean {
    const { validator, validate = "write" } = this.options;
    return validator !== undefined && validate !== "write";
  }

  /**
   * An entry that is to be written. A promise only if the store's schema is asynchronous, or if the
   * handle of `onExpire` is not made yet: so other writes reach the component in the order of the
   * calls, and with the values of that moment. Throws invalid_value if the value does not fit or
   * cannot be stored.
   */
  newEntry(key: KeyPart[], value: In, options: SetOptions): Maybe<EntryArgs> {
    const { ifAbsent, whenLeft } = options;
    const { metadata = this.options.metadata as unknown } = options;
    const separate = this.options.values === "separate" || undefined;
    const rest = { ...this.written(key, metadata, options), separate, ifAbsent, whenLeft };
    const validator = this.options.validate === "read" ? undefined : this.options.validator;
    const stored = fitted(validator, value, key);
    const entry = (value: unknown) =>
      this.expiring({ ...rest, value, addend: addendOf(this.options.counted, value) });
    return isPromise(stored) ? stored.then(entry) : entry(stored);
  }

  /** Adds what a write says of the entry's expiry. A promise as for `newEntry`. */
  expiring<A extends object>(args: A): Maybe<A & Expiring> {
    const handle = this.handler?.get();
    const { exact } = this;
    if (!isPromise(handle)) return { ...args, exact, onExpire: handle };
    return handle.then((onExpire) => ({ ...args, exact, onExpire }));
  }

  /**
   * A number for the component to calculate with. The result is known there alone, so a schema is
   * not asked. A validator of `v.*` is: it says little more than which type a number must have.
   */
  newNumber(key: KeyPart[], operand: number | bigint, options: NumberOptions): Maybe<NumberArgs> {
    const { validator, validate, metadata: defaultMetadata } = this.options;
    const rest = this.written(key, options.metadata, options);
    const isAsked = validator && validate !== "read" && "isConvexValidator" in validator;
    void fitted(isAsked ? validator : undefined, operand, key);
    // The store's ttl is for a new entry. One that is there keeps its expiry, as without it.
    const { keepTtl = rest.ttl === options.ttl ? undefined : true } = options;
    return this.expiring({ ...rest, keepTtl, operand, defaultMetadata });
  }

  /**
   * Every entry whose value a method returns goes through here, or through `readAll`. Throws
   * invalid_value if the store checks what it reads, and the value does not fit.
   */
  async read<E extends ReadEntry | null>(entry: E): Promise<E> {
    if (this.checksReads && entry !== null && "value" in entry) {
      await checkRead(this.options.validator!, entry.value, entry.key);
    }
    return entry;
  }

  /** `read` for each of `entries`, in order: throws for the first that does not fit. */
  async readAll<E extends ReadEntry | null>(entries: E[]): Promise<E[]> {
    if (this.checksReads) {
      for (const entry of entries) await this.read(entry);
    }
    return entries;
  }

  /** What all writes have in common. */
  private written(key: KeyPart[], metadata: unknown, options: NumberOptions) {
    const { expiresAt, keepTtl } = options;
    const isOwn = options.ttl !== undefined || expiresAt !== undefined;
    const ttl = isOwn ? options.ttl : defaultTtl(this.options);
    if (metadata !== undefined) checkStorable("metadata", metadata);
    return { key, metadata, ttl, expiresAt, keepTtl };
  }
}
