import type { CountedOption } from "./counting.js";
import type { ExpiryHandler } from "./expiryHandler.js";
import { type AnyValidator, isValidator } from "./validator.js";

/** Options of a store. */
export interface StoreOptions<V, In = V> {
  /**
   * What values must fit: a validator of `v.*`, or any schema of the Standard Schema interface.
   * What is stored is what the schema makes of the value.
   *
   * @default None
   */
  validator?: AnyValidator<V, In> | undefined;
  /**
   * When values are checked. "write": every method that writes values checks them, and stores
   * what a schema makes of them. "read": values are stored as they are given, and every method
   * that returns values checks them. "both": methods of both kinds check.
   *
   * A value that is read is checked as it is stored, and returned as it is stored. So a schema
   * that makes something else of values, and checks when they are read, must accept what it has
   * made.
   *
   * @default "write"
   */
  validate?: "write" | "read" | "both" | undefined;
  /**
   * Metadata for every entry that is set without its own.
   *
   * @default None
   */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  metadata?: any;
  /**
   * Milliseconds after which entries expire that are written without a `ttl` and an `expiresAt` of
   * their own, 0 or more. Infinity: never, as with a `ttl` of Infinity in a single call. An entry
   * that keeps its expiry, by `keepTtl` or since it is incremented or updated, keeps it here too.
   *
   * @default The `ttl` of `sliding`, or else Infinity
   */
  ttl?: number | undefined;
  /**
   * Prolongs entries that are read. In a mutation, `get` and `getWithMetadata` give an entry `ttl`
   * milliseconds from now if less than `whenLeft` are left of it, and so does `touch`, in an action
   * too. They write nothing if enough is left, and never make an entry expire sooner. In queries,
   * which cannot write, and in actions reading prolongs nothing; and `getMany` and scans nowhere
   * do. `whenLeft` is half of `ttl` by default.
   *
   * @default None: reading prolongs nothing
   */
  sliding?: Sliding | undefined;
  /**
   * "exact": entries with a ttl or expiresAt are deleted within a second of their expiry, by a
   * call that is scheduled for it, so that live queries see them go, without a cron. "lazy": they
   * are invisible at once, and deleted by the next vacuum.
   *
   * @default "lazy", or "exact" with `onExpire` or `counted`
   */
  expiry?: "exact" | "lazy" | undefined;
  /**
   * A mutation of the app, `internal.presence.left` say, that is called with `{ entries }` when
   * entries have expired that this store has written: once for each, 100 at a time at most, right
   * after they are deleted. That is within a second of their expiry; in a store that is "lazy",
   * with the next vacuum. Entries that were deleted, overwritten or prolonged before are not among
   * them.
   *
   * If it throws, what it wrote is undone, and it is called again with the same entries: after a
   * second, two, four and so on, then every hour, for a day. The entries are gone all the same.
   *
   * Whatever writes an entry whole decides whether it is told of: a `set` by a store without
   * `onExpire` takes it off. `expire`, `persist` and `increment` of such a store, moves and copies
   * leave it on.
   *
   * @default None
   */
  onExpire?: ExpiryHandler | undefined;
  /**
   * Where values between 2 and 16 KiB are stored. "inline": with their entries, so that reading
   * one is one document, and a page of them one query. "separate": in documents of their own, so
   * that `has`, `count`, `keys` and whatever else returns no values does not read them, and
   * overwriting and deleting read each once and not twice. Smaller values are always inline, larger ones always
   * separate. Entries that are there stay as they are.
   *
   * @default "inline"
   */
  values?: "inline" | "separate" | undefined;
  /**
   * true: the component knows at any moment how many entries the store has. `count` tells at once,
   * whatever their number, and there are `rank`, `at`, `random` and `list` with an `offset`. With
   * `sum`, also the sum of any of them: of values that are numbers ("value"; others add 0), or of what
   * a function makes of each value that this store writes. A write costs up to six documents read and
   * three written more.
   *
   * It begins with the first write of such a store, or with `startCounting`. It goes on, whoever
   * writes, until `stopCounting`. Stores below this one are counted with it. Unless `expiry` says
   * otherwise it is "exact", so that a live `count` sees entries expire.
   *
   * @default false, or what the store above it has
   */
  counted?: CountedOption<V> | undefined;
}

/** How reading prolongs the entries of a store. */
export interface Sliding {
  /** Milliseconds from now after which an entry expires that is prolonged, 0 or more. */
  ttl: number;
  /**
   * Milliseconds, 0 or more: only an entry of which less than this is left is prolonged.
   *
   * @default Half of `ttl`
   */
  whenLeft?: number | undefined;
}

/** A validator or schema, or options with one. */
export type UseOptions<V, In = V> = AnyValidator<V, In> | StoreOptions<V, In>;

/** A validator or schema, or options that certainly have one. */
export type Validated<V, In> =
  AnyValidator<V, In> | (StoreOptions<V, In> & { validator: AnyValidator<V, In> });

/**
 * What `set` takes in a store below one that makes a `V` of an `In`, if it is given no validator:
 * the same, if its values are a `V` too.
 */
// Compares functions, since `any` extends every type and is extended by every type.
export type InputBelow<SubV, V, In> =
  (<T>() => T extends SubV ? 1 : 2) extends <T>() => T extends V ? 1 : 2 ? In : SubV;

/** `options`, or the options that a validator stands for. Those that are left out are `kept`. */
export function storeOptions<V, In>(
  options: UseOptions<V, In> | undefined,
  kept: StoreOptions<V, In> = {},
): StoreOptions<V, In> {
  if (options === undefined) return kept;
  if (isValidator(options)) return { ...kept, validator: options };
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  return { ...kept, ...(Object.fromEntries(given) as StoreOptions<V, In>) };
}
