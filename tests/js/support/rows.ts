import type { Key } from "@hamzasaleemorg/convex-kv";
import { expect } from "vitest";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import { encodeKey } from "./core.js";
import type { Backend } from "./backend.js";

export interface NewRow {
  key: Key;
  value?: unknown;
  metadata?: unknown;
  expiresAt?: number;
}

/** The version of an entry, in what is expected of one. */
export const aVersion: unknown = expect.any(String);

// Half of what one transaction writes.
const ROWS_PER_TRANSACTION = 8_000;
const BYTES_PER_TRANSACTION = 8 << 20;

/**
 * Puts entries into the table directly, as `set` would leave them. `set` looks each key up, which
 * convex-test does by walking the whole table: too slow for thousands.
 */
export async function insertRows(
  { inside }: Pick<Backend, "inside">,
  rows: readonly NewRow[],
  bytesEach = 0,
): Promise<void> {
  const byBytes = bytesEach > 0 ? Math.floor(BYTES_PER_TRANSACTION / bytesEach) : Infinity;
  const batch = Math.min(ROWS_PER_TRANSACTION, byBytes);
  for (let i = 0; i < rows.length; i += batch) {
    await inside(async (ctx) => {
      for (const { key, value = null, ...rest } of rows.slice(i, i + batch)) {
        const path = encodeKey(key);
        await ctx.db.insert("kv", { key: [...key], path, value, updatedAt: 0, ...rest });
      }
    });
  }
}

/** What rows have beside their keys: all the same, or row i what is made of it. */
export type RestOfRows = Omit<NewRow, "key"> | ((i: number) => Omit<NewRow, "key">);

/** `count` rows below `prefix`, numbered in order. */
export function numberedRows(prefix: Key, count: number, rest: RestOfRows = {}): NewRow[] {
  const restOf = typeof rest === "function" ? rest : () => rest;
  return Array.from({ length: count }, (_, i) => ({ key: [...prefix, i], ...restOf(i) }));
}

/** A value of about `bytes` bytes. */
export function valueOf(bytes: number): string {
  return "x".repeat(bytes);
}

/** The rows of the table kv, expired ones too, in key order. */
export function storedRows({ inside }: Pick<Backend, "inside">): Promise<Doc<"kv">[]> {
  return inside((ctx) => ctx.db.query("kv").withIndex("path").collect());
}

/** Their keys. Less to carry if values are large. */
export function storedKeys({ inside }: Pick<Backend, "inside">): Promise<Key[]> {
  return inside(async (ctx) => {
    const rows = await ctx.db.query("kv").withIndex("path").collect();
    return rows.map((row) => row.key);
  });
}
