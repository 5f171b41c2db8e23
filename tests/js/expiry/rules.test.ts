import { describe, expect, test } from "vitest";
import { timerOf } from "../../../js/component/background/exactExpiry.js";
import {
  expiryOf,
  isExpired,
  mayChangeExpiry,
  newExpiryOf,
} from "../../../js/component/rows/expiry.js";
import { kvErrorOf } from "../support/errors.js";

// The rules by themselves, to the bit: toBe tells -0 from 0.

const NOW = 1_755_000_000_000;
const { MAX_VALUE, MIN_VALUE } = Number;
const NO_TIME = [NaN, -Infinity];
const messageOf = async (call: () => unknown) => (await kvErrorOf(call, "invalid_expiry")).message;

test.for<[ttl: number | undefined, expiresAt: number | undefined, expiry: number | undefined]>([
  [undefined, undefined, undefined],
  [Infinity, undefined, undefined],
  [undefined, Infinity, undefined],
  [Infinity, NOW + 5, undefined],
  [5, Infinity, NOW + 5],
  [1_000, undefined, NOW + 1_000],
  [0, undefined, NOW],
  [-0, undefined, NOW],
  [0.5, undefined, NOW + 0.5],
  [MAX_VALUE, undefined, MAX_VALUE],
  [undefined, NOW + 5, NOW + 5],
  [undefined, NOW, NOW],
  [undefined, 0, 0],
  [undefined, -0, -0],
  [undefined, -5, -5],
  [undefined, -MAX_VALUE, -MAX_VALUE],
  [10, NOW + 99_999, NOW + 10],
  [0, 0, NOW],
])("with ttl %s and expiresAt %s an entry expires at %s", ([ttl, expiresAt, expiry]) => {
  expect(expiryOf(NOW, ttl, expiresAt)).toBe(expiry);
  if (ttl !== undefined || expiresAt !== undefined) {
    expect(newExpiryOf(NOW, ttl, expiresAt)).toBe(expiry ?? Infinity);
  }
});

describe.for([expiryOf, newExpiryOf])("$name", (rule) => {
  test("refuses a ttl that is no duration, whatever expiresAt is", async () => {
    for (const ttl of [...NO_TIME, -1, -MIN_VALUE]) {
      for (const expiresAt of [undefined, NOW, NaN]) {
        expect(await messageOf(() => rule(NOW, ttl, expiresAt))).toBe(
          "ttl must be a number of milliseconds, 0 or more, or Infinity for never.",
        );
      }
    }
  });

  test("refuses an expiresAt that is no time, even if the ttl would win", async () => {
    for (const expiresAt of NO_TIME) {
      for (const ttl of [undefined, 1_000, Infinity]) {
        expect(await messageOf(() => rule(NOW, ttl, expiresAt))).toBe(
          "expiresAt must be a number of milliseconds since the Unix epoch, or Infinity for never.",
        );
      }
    }
  });
});

test("a new expiry has to be given", async () => {
  expect(await messageOf(() => newExpiryOf(NOW))).toBe(
    "expire needs a ttl or an expiresAt. To take an expiry away, use persist.",
  );
});

test.for<[expiresAt: number, now: number, expired: boolean]>([
  [NOW + 1, NOW, false],
  [NOW, NOW, true],
  [NOW - 1, NOW, true],
  [NOW + 0.5, NOW, false],
  [0, NOW, true],
  [-5, NOW, true],
  [0, 0, true],
  [MAX_VALUE, NOW, false],
  [NaN, NOW, false],
])("what expires at %s has expired at %s: %s", ([expiresAt, now, expired]) => {
  expect(isExpired(expiresAt, now)).toBe(expired);
});

test.for<
  [current: number | undefined, next: number, ifUnset: boolean, later: boolean, sooner: boolean]
>([
  [undefined, NOW, true, false, true],
  [undefined, MAX_VALUE, true, false, true],
  [undefined, -5, true, false, true],
  [NOW, NOW, false, false, false],
  [NOW, NOW + 0.5, false, true, false],
  [NOW, NOW - 0.5, false, false, true],
  [-5, NOW, false, true, false],
  [0, -0, false, false, false],
  [MAX_VALUE, -MAX_VALUE, false, false, true],
  [NOW, Infinity, false, true, false],
  [MAX_VALUE, Infinity, false, true, false],
])("from %s to %s, under each condition", ([current, next, ifUnset, later, sooner]) => {
  expect(mayChangeExpiry("always", current, next)).toBe(true);
  expect(mayChangeExpiry("ifUnset", current, next)).toBe(ifUnset);
  expect(mayChangeExpiry("ifSet", current, next)).toBe(!ifUnset);
  expect(mayChangeExpiry("later", current, next)).toBe(later);
  expect(mayChangeExpiry("sooner", current, next)).toBe(sooner);
});

test("from never to never nothing changes, under any condition", () => {
  for (const when of ["always", "ifUnset", "ifSet", "later", "sooner"] as const) {
    expect(mayChangeExpiry(when, undefined, Infinity)).toBe(false);
  }
});

const FIVE_YEARS = 5 * 365 * 24 * 60 * 60_000;

test("timers fire at whole seconds, and no further ahead than Convex schedules", async () => {
  expect(timerOf(NOW + 1, NOW)).toBe(NOW + 1_000);
  expect(timerOf(5_000, 0)).toBe(5_000);
  expect(timerOf(5_000.5, 0)).toBe(6_000);
  expect(timerOf(-1, 0)).toBe(-0);
  expect(timerOf(FIVE_YEARS, 0)).toBe(FIVE_YEARS);
  for (const far of [FIVE_YEARS + 1, 1e16, MAX_VALUE]) {
    expect(await messageOf(() => timerOf(far, 0))).toContain("must expire within five years");
  }
});
