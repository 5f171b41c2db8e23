import type { Key } from "@hamzasaleemorg/convex-kv";
import { getConvexSize, getDocumentSize, type Value } from "convex/values";
import { encodeKey } from "./core.js";
import type { Backend } from "./backend.js";
import type { NewRow } from "./rows.js";

// Values that are in separate documents.

export const MiB = 1 << 20;

/**
 * The most bytes that a value may have and still be inline; the same in a store with separate
 * values; in one document; at all.
 */
export const MAX_INLINE = 16_384;
export const MAX_INLINE_SEPARATE = 2_048;
export const MAX_PART = 1_000_000;
export const MAX_VALUE = 8 * MiB;

/** A string that Convex counts `size` bytes for. */
export function stringOf(size: number): string {
  return "x".repeat(size - getConvexSize(""));
}

const BYTES_PER_TRANSACTION = 8 * MiB;

/** Puts entries into the table directly, with each value in a separate document, as `set` would. */
export async function insertExternal(
  { inside }: Pick<Backend, "inside">,
  rows: readonly NewRow[],
): Promise<void> {
  for (let next = 0; next < rows.length;) {
    next = await inside(async (ctx) => {
      let bytesWritten = 0;
      let i = next;
      for (; i < rows.length && bytesWritten < BYTES_PER_TRANSACTION; i++) {
        const { key, value, ...rest } = rows[i]!;
        const bytes = getDocumentSize({ content: value as Value });
        const document = await ctx.db.insert("values", { content: value });
        const path = encodeKey(key);
        const external = { documents: [document], bytes };
        await ctx.db.insert("kv", { key: [...key], path, external, updatedAt: 0, ...rest });
        bytesWritten += bytes;
      }
      return i;
    });
  }
}

/** The ids of the table `values`, and those that entries refer to, each sorted. */
export function valueDocuments({
  inside,
}: Pick<Backend, "inside">): Promise<{ stored: string[]; referred: string[] }> {
  return inside(async (ctx) => {
    const stored: string[] = [];
    for await (const { _id } of ctx.db.query("values")) stored.push(_id);
    const rows = await ctx.db.query("kv").collect();
    const referred = rows.flatMap(({ external }) => external?.documents ?? []);
    return { stored: stored.sort(), referred: referred.sort() };
  });
}

/**
 * Puts an entry into the table directly whose value is in so many documents of the most bytes. It
 * is for those who carry it as it is: nobody can read it.
 */
export async function insertInParts(
  { inside }: Pick<Backend, "inside">,
  key: Key,
  count: number,
): Promise<void> {
  const content = "x".repeat(MAX_PART);
  await inside(async (ctx) => {
    const documents = await Promise.all(
      Array.from({ length: count }, () => ctx.db.insert("values", { content })),
    );
    const external = { documents, bytes: count * (MAX_PART + 100), parts: "json" as const };
    const path = encodeKey(key);
    await ctx.db.insert("kv", { key: [...key], path, external, updatedAt: 0 });
  });
}
