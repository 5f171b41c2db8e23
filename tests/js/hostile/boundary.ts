import type { StoreCall } from "../../runtime/app/convex/carry.js";
import type { Outcome } from "./cases.js";

// What only the real boundary shows: limits of the platform that convex-test does not have, met in
// the client or behind it. tests/runtime/api/hostile.test.ts makes these calls.

export interface Crossing {
  title: string;
  door: string;
  /** A call of a store; or arguments of the component's own `point.set`. */
  calls: { input: string; call: StoreCall["call"] | { entry: unknown }; outcome: Outcome }[];
}

const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, "large"]));
const array = (length: number) => Array<number>(length).fill(0);
const large = "x".repeat(20_000);

const VALUES: [string, unknown, boolean][] = [
  ["an array of 8,193", array(8_193), false],
  ["an object of 1,025 fields", fields(1_025), false],
  ["16 levels", nested(16), false],
  ["16 levels, in a large value", { large, deep: nested(15) }, false],
  ["an array of 8,192", array(8_192), true],
  ["an object of 1,024 fields", fields(1_024), true],
  ["15 levels", nested(15), true],
  ["15 levels, in a large value", { large, deep: nested(14) }, true],
];
const key = ["a"];
const stored = { returns: "it is stored" };

const entry = (more: object) => ({ entry: { key: ["hostile", "a"], ...more } });
const repeated = <T>(count: number, one: T): T[] => Array<T>(count).fill(one);

export const BOUNDARY: Crossing[] = [
  {
    title: "Values at the platform's limits",
    door: "set",
    calls: VALUES.map(([input, value, isFine]) => ({
      input,
      call: { do: "set", key, value: value as never, options: {} },
      outcome: isFine ? stored : "invalid_value",
    })),
  },
  {
    title: "Metadata at the platform's limits",
    door: "set",
    calls: VALUES.filter(([input]) => !input.includes("large")).map(
      ([input, metadata, isFine]) => ({
        input,
        call: { do: "set", key, value: 1, options: { metadata } },
        outcome: isFine ? stored : "invalid_value",
      }),
    ),
  },
  {
    title: "Values at the platform's limits, without the client",
    door: "point.set",
    calls: VALUES.map(([input, value, isFine]) => ({
      input,
      call: entry({ value }),
      outcome: isFine ? stored : "Convex",
    })),
  },
  {
    title: "Keys and lists of keys that cannot cross",
    door: "has, getMany, deleteMany, setMany, atomic",
    calls: [
      {
        input: "a key of 8,193 parts",
        call: { do: "has", key: repeated(8_193, null) },
        outcome: "invalid_key",
      },
      {
        input: "getMany of 8,193",
        call: { do: "getMany", keys: repeated(8_193, key) },
        outcome: "too_many_entries",
      },
      {
        input: "deleteMany of 8,193",
        call: { do: "deleteMany", keys: repeated(8_193, key) },
        outcome: "too_many_entries",
      },
      {
        input: "setMany of 8,193",
        call: { do: "setMany", entries: repeated(8_193, { key, value: 1 }) },
        outcome: "too_many_entries",
      },
      {
        input: "8,193 checks",
        call: { do: "atomic", checks: repeated(8_193, { key, version: null }), steps: [] },
        outcome: "too_many_entries",
      },
      {
        input: "getMany of 4,001",
        call: { do: "getMany", keys: repeated(4_001, key) },
        outcome: "too_many_entries",
      },
    ],
  },
  {
    title: "Arguments that the component's validators refuse",
    door: "point.set",
    calls: [
      { input: "no value", call: entry({}), outcome: "Convex" },
      {
        input: "an argument that it does not know",
        call: entry({ value: 1, path: "a" }),
        outcome: "Convex",
      },
      {
        input: "a key part that is an object",
        call: { entry: { key: [{}], value: 1 } },
        outcome: "Convex",
      },
      { input: "a ttl that is text", call: entry({ value: 1, ttl: "5" }), outcome: "Convex" },
      { input: "a ttl of NaN", call: entry({ value: 1, ttl: NaN }), outcome: "invalid_expiry" },
    ],
  },
];
