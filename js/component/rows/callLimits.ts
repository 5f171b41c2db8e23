import { failure } from "../../core/failure.js";

// How much one call may be given. What its transaction has room for is another matter: several.ts.

/** Each key is a range of an index, and a transaction reads 4,096 of those. */
const MOST_KEYS = 4000;

const keysOf = (call: string) => ({
  most: MOST_KEYS,
  message: (amount: number) =>
    `${call} at most ${MOST_KEYS} keys in one call, which was given ${amount}.`,
});

const limits = {
  getMany: keysOf("getMany and getManyWithMetadata take"),
  setMany: keysOf("setMany takes"),
  replaceAll: keysOf("replaceAll takes"),
  deleteMany: keysOf("deleteMany takes"),
  /** Checks included. */
  atomic: {
    most: 1000,
    message: (amount: number) =>
      `atomic takes at most 1000 operations in one commit, checks included, and was given ${amount}.`,
  },
};

/** Throws too_many_entries if a call is given more than it may be. */
export function checkAmount(what: keyof typeof limits, amount: number): void {
  const { most, message } = limits[what];
  if (amount > most) throw failure("too_many_entries", message(amount));
}
