import type { ComponentApi } from "../../convex/_generated/component.js";
import { kvError } from "./errors.js";
import type { Key, KeyPart } from "./key.js";
import type { StoreOptions } from "./storeOptions.js";
import type { CountingState, RunMutation } from "./types.js";

// What a store with the option `counted` tells the component, and asks of it.

/** What of a counted store is added up, from a value. */
// A method, so that a store of a narrower type of values is a store of a wider one too.
export type SumOf<V> = {
  /**
   * What a value adds to the sum.
   *
   * @param value The value, as it is stored.
   * @returns The number.
   */
  of(value: V): number;
}["of"];

/** What a store counts: its entries, and maybe a sum over them. */
export type CountedOption<V> = boolean | SummedOption<V>;

/** A sum over the entries of a counted store. */
export interface SummedOption<V> {
  /** "value": of values that are numbers. Others add 0. A function: of what it makes of each value. */
  sum: "value" | SumOf<V>;
  /**
   * Of a function: another number for one that makes something else of values. What was added up
   * before is not used then.
   *
   * @default 0
   */
  version?: number | undefined;
}

/** As the component takes it. */
export interface Counted {
  prefix: KeyPart[];
  sum: "none" | "value" | "addend";
  version?: number | undefined;
}

type Option = Pick<StoreOptions<unknown>, "counted">["counted"];

/** What is counted at `prefix`; undefined: nothing is. Throws invalid_value if it is none of these. */
export function countedAt(prefix: Key, counted: Option): Counted | undefined {
  if (counted === undefined || counted === false) return undefined;
  const sum = counted === true ? "none" : (counted as { sum?: unknown } | null)?.sum;
  const kind = typeof sum === "function" ? "addend" : sum;
  if (kind === "none" || kind === "value" || kind === "addend") {
    const { version } = counted as { version?: number };
    return { prefix: [...prefix], sum: kind, ...(kind === "addend" && { version }) };
  }
  throw kvError({
    code: "invalid_value",
    message:
      'The store\'s counted must be true, or { sum: "value" } for values that are numbers, or { sum } with a function that makes a number of a value.',
  });
}

/** What a value adds to the sum; undefined if the component knows. Throws invalid_value. */
export function addendOf(counted: Option, value: unknown): number | undefined {
  if (typeof counted !== "object" || typeof counted.sum !== "function") return undefined;
  const addend: unknown = counted.sum(value);
  if (typeof addend === "number") return addend;
  throw kvError({
    code: "invalid_value",
    message: "The store's counted.sum has to make a number of each value.",
  });
}

/** `value`, if it is an integer of `least` or more. Throws invalid_limit. */
export function checkInteger(name: string, value: number, least = -Infinity): number {
  if (Number.isInteger(value) && value >= least) return value;
  const allowed = least === -Infinity ? "an integer" : `an integer of ${least} or more`;
  throw kvError({ code: "invalid_limit", message: `${name} must be ${allowed}.` });
}

/** What the store counts. Throws not_counted if it was made without `counted`. */
export function mustBeCounted(counted: Counted | undefined): Counted {
  if (counted) return counted;
  throw kvError({
    code: "not_counted",
    message:
      "sum, rank, at, random, offset, startCounting and countingState need a store that is made with the option counted.",
  });
}

/** Does `write`, after it has had the store counted if that is to be and is not yet. */
export async function counting<R>(
  ctx: RunMutation,
  component: ComponentApi,
  counted: Counted | undefined,
  write: () => Promise<R>,
): Promise<R> {
  if (counted) await ctx.runMutation(component.counted.start, counted);
  return await write();
}

/** What an entry has that is asked what it adds. */
interface Asked {
  key: KeyPart[];
  version: string;
  value: unknown;
}

/**
 * Has the store counted. If entries are there of which only a function of the store knows what they
 * add, asks it for each: `pages` gives them.
 */
export async function startCounting(
  ctx: RunMutation,
  component: ComponentApi,
  { counted, option }: { counted: Counted; option: Option },
  pages: () => AsyncIterable<readonly Asked[]>,
): Promise<CountingState> {
  const state = await ctx.runMutation(component.counted.start, counted);
  if (!state.isWaiting) return state;
  for await (const entries of pages()) {
    const addends = entries.map(({ key, version, value }) => {
      return { key, version, addend: addendOf(option, value)! };
    });
    await ctx.runMutation(component.counted.addends, { addends });
  }
  return await ctx.runMutation(component.counted.start, { ...counted, again: true });
}
