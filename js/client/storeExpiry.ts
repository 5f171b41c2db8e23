import { describeLiteral } from "./describe.js";
import { kvError } from "./errors.js";
import type { StoreOptions } from "./storeOptions.js";

// What a store's `ttl` and `sliding` say of its entries. They are checked when they are used.

type Options = Pick<StoreOptions<unknown>, "ttl" | "sliding">;

/** How a read prolongs an entry: milliseconds, as the component takes them. */
export interface Prolonging {
  ttl: number;
  whenLeft: number;
}

/** The ttl of entries that are written without an expiry. Throws invalid_expiry if it is none. */
export function defaultTtl({ ttl, sliding }: Options): number | undefined {
  if (ttl !== undefined) return checked("ttl", ttl);
  return sliding && checked("sliding.ttl", sliding.ttl);
}

/**
 * How `touch` prolongs, and with `sliding` reading too. Throws invalid_expiry if the options say
 * nothing, or nothing usable.
 */
export function prolonging({ ttl, sliding }: Options): Prolonging {
  if (sliding) {
    const slidingTtl = checked("sliding.ttl", sliding.ttl);
    const { whenLeft = slidingTtl / 2 } = sliding;
    return { ttl: slidingTtl, whenLeft: checked("sliding.whenLeft", whenLeft) };
  }
  if (ttl === undefined) {
    throw kvError({
      code: "invalid_expiry",
      message:
        "touch needs a store that says for how long: make it with a ttl, or with sliding. To prolong by another time, use expire.",
    });
  }
  return { ttl: checked("ttl", ttl), whenLeft: ttl / 2 };
}

function checked(name: string, milliseconds: number): number {
  if (typeof milliseconds === "number" && milliseconds >= 0) return milliseconds;
  throw kvError({
    code: "invalid_expiry",
    message: `The store's ${name} must be a number of milliseconds, 0 or more, or Infinity for never; got ${describeLiteral(milliseconds)}.`,
  });
}
