import type { Value } from "convex/values";
import fc from "fast-check";
import { anyPart } from "./keys.js";

/** Values of every type, nested. */
export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    anyPart,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.stringMatching(/^[a-z][ -~]{0,5}$/), tie("value"), { maxKeys: 4 }),
  ),
})).value;
