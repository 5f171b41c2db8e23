import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import type { StoreCall } from "../../runtime/app/convex/carry.js";
import { bytes } from "../support/keys.js";

// What random calls are made of. So few keys that they meet, so odd that they are easily mixed up.

/** What stores are made with. Their prefixes overlap, or seem to. */
export const STORES: readonly StoreCall["store"][] = [
  { prefix: [] },
  { prefix: ["a"] },
  { prefix: ["a", "b"], exact: true, tells: true },
  { prefix: ["a\0"], metadata: "the store's" },
  { prefix: [""], exact: true },
  { prefix: [1] },
  { prefix: [1n] },
  { prefix: ["a"], ttl: 5_000 },
  { prefix: ["a", "b"], exact: true, tells: true, sliding: { ttl: 5_000 } },
  { prefix: [], ttl: 90_000, sliding: { ttl: 1_001, whenLeft: 600 } },
  { prefix: ["b"], sliding: { ttl: 1_000, whenLeft: Infinity } },
];

/** Parts of keys: the first ones are drawn more often. */
export const PARTS: readonly KeyPart[] = [
  ...["a", "b", "a\0", "", 1, 1n],
  ...[null, true, false, -0, 0, NaN, -1n, 300n, 1.5, "aa", "\uffff", "😀"],
  ...[bytes(), bytes(0), bytes(97), bytes(255, 0)],
];

/** By name, so that a sequence of calls stays short. Those over 16,384 bytes are external. */
export const VALUES = {
  none: null,
  one: 1,
  five: 5n,
  huge: 2n ** 63n - 1n,
  negative: -0,
  notANumber: NaN,
  infinite: Infinity,
  text: "text",
  nested: { b: [1n, { a: null }], a: bytes(1, 2) },
  large: "x".repeat(16_500),
  largeObject: { text: "x".repeat(16_500), rows: [{ i: 0, n: 1n }] },
  largeBytes: new Uint8Array(16_500).fill(7).buffer,
  inParts: "é".repeat(510_000),
} satisfies Record<string, Value>;

export type ValueName = keyof typeof VALUES;
