import { type AnyValidator, isValidator } from "./validator.js";

/** What a store holds beside its prefix. */
export interface StoreOptions<V, In = V> {
  /**
   * What every value set through this store must fit: a validator of `v.*`, or any schema of the
   * Standard Schema interface. What is stored is what the schema makes of the value.
   */
  validator?: AnyValidator<V, In> | undefined;
  /**
   * When values are checked. "write", as it is by default: `set` and its kin check, and store what a
   * schema makes of the value. "read": values are stored as they are given, and every method that
   * returns values checks them. "both".
   *
   * A value that is read is checked as it is stored, and returned as it is stored. So a schema that
   * makes something else of values, and checks when they are read, must accept what it has made.
   */
  validate?: "write" | "read" | "both" | undefined;
  /** Metadata for every entry set without its own. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /**
   * "exact": entries with a ttl or expiresAt are deleted within a second of their expiry, by a call
   * that is scheduled for it, so that live queries see them go, without a cron. "lazy", as it is by
   * default: they are out of sight at once, and deleted by the next vacuum.
   */
  expiry?: "exact" | "lazy" | undefined;
}

/** A validator or schema, or options with one. */
export type UseOptions<V, In = V> = AnyValidator<V, In> | StoreOptions<V, In>;

/** A validator or schema, or options that do have one. */
export type Validated<V, In> =
  AnyValidator<V, In> | (StoreOptions<V, In> & { validator: AnyValidator<V, In> });

/**
 * What `set` takes in a store below one that makes a `V` of an `In`, where it is given no validator.
 */
// Functions, since of types themselves `any` fits all.
export type InputBelow<SubV, V, In> =
  (<T>() => T extends SubV ? 1 : 2) extends <T>() => T extends V ? 1 : 2 ? In : SubV;

/** The options that a validator stands for. Those that are left out are `kept`. */
export function storeOptions<V, In>(
  options: UseOptions<V, In> | undefined,
  kept: StoreOptions<V, In> = {},
): StoreOptions<V, In> {
  if (options === undefined) return kept;
  if (isValidator(options)) return { ...kept, validator: options };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...kept, ...(Object.fromEntries(given) as StoreOptions<V, In>) };
}
