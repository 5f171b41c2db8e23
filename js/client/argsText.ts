import { convexToJson, type JSONValue, type Value } from "convex/values";

/** Longer texts are hashed: a key takes 2,048 bytes, and has other parts too. */
const MOST_BYTES = 1_000;

/**
 * The arguments of a function as text: the same for all that Convex takes for the same, in whatever
 * order their fields are, and another for all others. Of a text of more than 1,000 bytes, its
 * SHA-256: which no text is, since those begin with a brace.
 */
export async function argsText(args: unknown): Promise<string> {
  const text = canonical(convexToJson(args as Value));
  const bytes = new TextEncoder().encode(text);
  if (bytes.length <= MOST_BYTES) return text;
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return `sha256:${Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}

// Convex's JSON tells all values apart: bigints, bytes, -0 and NaN are objects there, with names that
// no field may have. Fields that are undefined are left out. Whether it sorts fields depends on the
// version of convex.
function canonical(json: JSONValue): string {
  if (Array.isArray(json)) return `[${json.map(canonical).join(",")}]`;
  if (typeof json !== "object" || json === null) return JSON.stringify(json);
  const fields = Object.keys(json)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonical(json[name]!)}`);
  return `{${fields.join(",")}}`;
}
