import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatPart } from "./format.js";
import { NotationError, parseValue } from "./parse.js";
import { partIn } from "./parts.js";

// Keys as paths: users/42n/"7"/bytes("AQID"). A part is a string, unless it reads as a literal of
// another type: 42, 42n, true, null, NaN, bytes("…"). In quotes it is a string.

/**
 * The key that a path stands for. A slash at the start or at the end is allowed, and so are spaces
 * around parts; "" and "/" are the root, the empty key. A text that begins with `[` is a key as it
 * is written in code. Throws a NotationError that says what is wrong, and where.
 */
export function parsePath(text: string): KeyPart[] {
  if (text.trimStart().startsWith("[")) return parseKey(text);
  const parts: KeyPart[] = [];
  let from = /^\s*\/?/.exec(text)![0].length;
  while (text.slice(from).trim() !== "") {
    const { part, end } = partAt(text, from);
    parts.push(part);
    from = end + 1; // behind the slash
  }
  return parts;
}

/** The path of a key: what parsePath makes this very key of. The root is "/". */
export function formatPath(key: readonly KeyPart[]): string {
  return key.length === 0 ? "/" : key.map(formatPathPart).join("/");
}

/** A part as it stands in a path. */
export function formatPathPart(part: KeyPart): string {
  return typeof part === "string" && isPlain(part) ? part : formatPart(part);
}

/** A key as it is written in code: ["users", 42n]. Throws a NotationError if it is none. */
export function parseKey(text: string): KeyPart[] {
  const value = parseValue(text);
  if (Array.isArray(value) && value.every(isPart)) return value;
  const message =
    'A key is an array of strings, numbers, int64, booleans, null and bytes: ["users", 42n].';
  throw new NotationError(message, 0, text.length);
}

function isPart(value: unknown): value is KeyPart {
  return typeof value !== "object" || value === null || value instanceof ArrayBuffer;
}

/** A string in quotes, and bytes, in both of which a slash is no separator. */
const QUOTED = /\s*(?:(["'`])(?:\\[^]|(?!\1)[^\\])*\1|bytes\(\s*(["'`])[^"'`]*\2\s*\))\s*/y;
const BARE = /[^/]*/y;

/** The part that begins at `from`, and where its slash is, or the end of the text. */
function partAt(text: string, from: number): { part: KeyPart; end: number } {
  const quoted = matchAt(QUOTED, text, from);
  const end = from + (quoted ?? matchAt(BARE, text, from)!).length;
  const fail = (message: string) => new NotationError(message, from, end);
  if (quoted !== undefined) {
    if (end < text.length && text[end] !== "/") {
      throw new NotationError('Behind a part there is a "/", or nothing.', end, text.length);
    }
    return { part: placed(from, () => parseValue(quoted)) as KeyPart, end };
  }
  const bare = text.slice(from, end).trim();
  if (bare === "") throw fail('A part is missing before this "/". The empty string is "".');
  if (/^["'`]/.test(bare)) throw fail("The quotes of this part are not closed.");
  if (/^bytes\(/.test(bare)) throw fail('Bytes are written in base64: bytes("AQID").');
  if (bare.includes('"'))
    throw fail(`With quotes in it, a part is written in quotes: ${quote(bare)}.`);
  // An int64 that is too large is hardly meant as a string.
  if (INT64.test(bare)) return { part: placed(from, () => parseValue(bare)) as KeyPart, end };
  return { part: partIn(bare)!, end };
}

const INT64 = /^-?\d+n$/;

function matchAt(pattern: RegExp, text: string, from: number): string | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text)?.[0];
}

/** What `read` returns. If it throws, the error's place is `from` further on. */
function placed<T>(from: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof NotationError)) throw error;
    throw new NotationError(error.message, from + error.from, from + error.to);
  }
}

const quote = (text: string) => JSON.stringify(text);

/** Whether a string stands for itself in a path. */
function isPlain(part: string): boolean {
  // Most do, and need no closer look.
  if (/^[a-z_][\w-]*$/.test(part) && !/^(true|false|null)$/.test(part)) return true;
  if (part !== part.trim() || /["/]|[^\S ]|\p{Cc}/u.test(part)) return false;
  return !/^(\[|['`]|bytes\()/.test(part) && !INT64.test(part) && partIn(part) === part;
}
