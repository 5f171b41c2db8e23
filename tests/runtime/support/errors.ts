import { ConvexError } from "convex/values";
import type { KvErrorCode, KvErrorData } from "@hamzasaleemorg/convex-kv";
import { expect } from "vitest";

/** The data of the ConvexError that the client throws. Fails if it throws none. */
export async function dataThrownBy(call: Promise<unknown>): Promise<unknown> {
  const error = await call.then(
    () => new Error("Nothing was thrown"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConvexError)) throw error;
  return error.data;
}

/** The same for an error of the package's, which must have `code`. */
export async function kvErrorOf<C extends KvErrorCode>(
  call: Promise<unknown>,
  code: C,
): Promise<KvErrorData & { code: C }> {
  const data = (await dataThrownBy(call)) as KvErrorData & { code: C };
  expect(data.code, data.message).toBe(code);
  expect(data.message).toMatch(/^\S.+\.$/s);
  return data;
}
