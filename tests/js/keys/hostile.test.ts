import { describe, expect, test } from "vitest";
import fc from "fast-check";
import { loadCore } from "../support/core.js";
import hostile from "../../vectors/hostile.json" with { type: "json" };
import { kvErrorOf } from "../support/errors.js";
import { bytesFromHex, FIXED_SEED, hexFromBytes } from "../support/keys.js";

// Bytes that no key encodes to. Decoding them must fail in good order: an abort would end the
// core's instance, and reading out of bounds would answer with somebody else's bytes.

describe("bytes that are no key are refused", () => {
  test.for(hostile)("$name", async ({ bytes }) => {
    await kvErrorOf(() => loadCore().decodeKey(bytesFromHex(bytes)), "invalid_key");
  });
});

test("random bytes either are refused or are exactly what their key encodes to", () => {
  const tag = fc.constantFrom(...Array.from({ length: 16 }, (_, i) => i + 3));
  const octet = fc.oneof(tag, fc.constantFrom(0, 0x7f, 0x80, 0xff), fc.nat(0xff));
  fc.assert(
    fc.property(fc.array(octet, { minLength: 1, maxLength: 24 }), (values) => {
      const bytes = new Uint8Array(values).buffer;
      let key;
      try {
        key = loadCore().decodeKey(bytes);
      } catch (error) {
        expect(error).toMatchObject({ data: { code: "invalid_key" } });
        return;
      }
      // A NaN has many bit patterns, and JavaScript may hand back another one.
      if (key.some((part) => Number.isNaN(part))) return;
      expect(hexFromBytes(loadCore().encodeKey(key))).toBe(hexFromBytes(bytes));
    }),
    { seed: FIXED_SEED, numRuns: 2_000 },
  );
});

test("more bytes than a key may have are refused", async () => {
  const tooLong = new Uint8Array(2_049).fill(0x03).buffer;
  await kvErrorOf(() => loadCore().decodeKey(tooLong), "invalid_key");
  expect(loadCore().decodeKey(tooLong.slice(1))).toHaveLength(2_048);
});
