import type { Value } from "convex/values";
import { entryInstance, type Instance } from "./instance.js";
import type { Key, KeyPart } from "./key.js";
import { checked } from "./loadCore.js";
import { takeOutput } from "./output.js";

// Apart from loadCore.ts so that only bundles which need it include it.

// In the order of src/convex_kv/rules/number_operation.hpp.
const OPERATIONS = ["sum", "min", "max"] as const;
export type NumberOperation = (typeof OPERATIONS)[number];

/**
 * The result of `operation` on the value that is stored at `key`; undefined: there is no entry.
 * Values that are large may be passed as null: they are no numbers either. Throws invalid_value if
 * it cannot be done.
 */
export function applyOperation(
  operation: NumberOperation,
  stored: Value | undefined,
  operand: Value,
  key: Key,
): number | bigint {
  const core = entryInstance();
  const input = sendNumbers(core, stored, operand, key);
  const length = checked(core, (core) => core.applyOperation(OPERATIONS.indexOf(operation), input));
  return takeNumber(core, length);
}

// The other half of src/convex_kv/rules/number_operation.hpp, which describes the form.
const TAG = { none: 0, int64: 1, float64: 2, other: 3 } as const;
const TAGGED_SIZE = 1 + 8;

/**
 * Makes a stored value (undefined: there is no entry), the operand and the key's text, for
 * messages, the core's input. Returns its length.
 */
function sendNumbers(core: Instance, stored: Value | undefined, operand: Value, key: Key): number {
  const text = `[${key.map(partText).join(", ")}]`;
  const at = core.reserveInput(2 * TAGGED_SIZE + text.length);
  putNumber(core, at, stored);
  putNumber(core, at + TAGGED_SIZE, operand);
  const start = at + 2 * TAGGED_SIZE;
  for (let i = 0; i < text.length; i++) core.bytes[start + i] = text.charCodeAt(i);
  return 2 * TAGGED_SIZE + text.length;
}

/** The number in the core's output. */
function takeNumber(core: Instance, length: number): number | bigint {
  const output = takeOutput(core, length);
  const [tag] = new Uint8Array(output);
  const view = new DataView(output);
  return tag === TAG.int64 ? view.getBigInt64(1, true) : view.getFloat64(1, true);
}

function putNumber({ bytes, view }: Instance, at: number, value: Value | undefined): void {
  if (typeof value === "bigint") {
    bytes[at] = TAG.int64;
    view.setBigInt64(at + 1, value, true);
  } else if (typeof value === "number") {
    bytes[at] = TAG.float64;
    view.setFloat64(at + 1, value, true);
  } else {
    bytes[at] = value === undefined ? TAG.none : TAG.other;
  }
}

// ASCII, as all messages are.
function partText(part: KeyPart): string {
  if (typeof part === "bigint") return `${part}n`;
  if (typeof part === "string") {
    return JSON.stringify(part).replace(
      /[^ -~]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
    );
  }
  return typeof part === "object" && part !== null
    ? `ArrayBuffer(${part.byteLength})`
    : String(part);
}
