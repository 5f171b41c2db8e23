import { convexToJson, type Value } from "convex/values";
import { parseExpressionAt, type Expression } from "acorn";

// Reads what format.ts writes, and what people write instead: any JavaScript literal will do, with
// names unquoted and commas behind the last item.

/** Why a text is no value, and where: `from` and `to` are offsets. */
export class NotationError extends Error {
  constructor(
    message: string,
    readonly from: number,
    readonly to: number,
  ) {
    super(message);
  }
}

/** The value that a text stands for. Throws a NotationError if it is no such text. */
export function parseValue(text: string): Value {
  if (text.trim() === "") throw new NotationError("A value is missing.", 0, text.length);
  const expression = parseText(text);
  const rest = text.slice(expression.end);
  if (rest.trim() !== "") {
    const from = text.length - rest.trimStart().length;
    throw new NotationError("There is more behind the value.", from, text.trimEnd().length);
  }
  const value = valueOf(expression);
  try {
    convexToJson(value);
  } catch (error) {
    throw new NotationError(firstLine(error), expression.start, expression.end);
  }
  return value;
}

function parseText(text: string): Expression {
  try {
    // As in a module: 010 is no number there, and `<!--` no comment.
    return parseExpressionAt(text, 0, { ecmaVersion: 2022, sourceType: "module" });
  } catch (error) {
    const { pos = 0 } = error as { pos?: number };
    // Acorn adds the place to its message, which is shown in the text itself here.
    const message = firstLine(error).replace(/ \(\d+:\d+\)$/, "");
    throw new NotationError(
      `${message}.`,
      Math.min(pos, text.length),
      Math.min(pos + 1, text.length),
    );
  }
}

function valueOf(node: Expression): Value {
  const value = read(node);
  if (typeof value !== "bigint" || BigInt.asIntN(64, value) === value) return value;
  const message = "An int64 is from -9223372036854775808n to 9223372036854775807n.";
  throw new NotationError(message, node.start, node.end);
}

function read(node: Expression): Value {
  switch (node.type) {
    case "Literal":
      if (node.bigint != null) return BigInt(node.bigint);
      if (node.regex) break;
      return node.value as string | number | boolean | null;
    case "TemplateLiteral":
      if (node.expressions.length === 0) return node.quasis[0]!.value.cooked!;
      break;
    case "Identifier":
      if (node.name === "NaN") return NaN;
      if (node.name === "Infinity") return Infinity;
      break;
    case "UnaryExpression":
      return signed(node.operator, node.argument, node);
    case "ArrayExpression":
      return node.elements.map((item) => {
        if (!item || item.type === "SpreadElement") throw notAValue(item ?? node);
        return valueOf(item);
      });
    case "ObjectExpression":
      return Object.fromEntries(
        node.properties.map((property) => {
          if (property.type === "SpreadElement" || property.kind !== "init")
            throw notAValue(property);
          if (property.computed || property.method || property.shorthand) throw notAValue(property);
          const { key } = property;
          const name =
            key.type === "Identifier" ? key.name : String((key as { value: unknown }).value);
          return [name, valueOf(property.value)];
        }),
      );
    case "CallExpression": {
      const [argument] = node.arguments;
      const isBytes = node.callee.type === "Identifier" && node.callee.name === "bytes";
      if (!isBytes || node.arguments.length !== 1 || argument?.type !== "Literal") break;
      return fromBase64(String(argument.value), argument);
    }
  }
  throw notAValue(node);
}

function signed(operator: string, argument: Expression, node: Expression): Value {
  // Not checked yet: without their sign, the digits of the least int64 are no int64.
  const value = argument.type === "UnaryExpression" ? undefined : read(argument);
  if (operator === "-" && (typeof value === "number" || typeof value === "bigint")) return -value;
  throw notAValue(node);
}

/** The bytes that base64 stands for. */
export function fromBase64(
  text: string,
  node: Place = { start: 0, end: text.length },
): ArrayBuffer {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0)).buffer;
  } catch {
    throw new NotationError("Bytes are written in base64.", node.start, node.end);
  }
}

interface Place {
  start: number;
  end: number;
}

function notAValue({ start, end }: Place): NotationError {
  const message =
    'This is no value. Values are JSON, and 42n (int64), bytes("AQID") (base64), NaN and Infinity.';
  return new NotationError(message, start, end);
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0]!;
}
