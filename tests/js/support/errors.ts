import { isKvError, type KvErrorCode, type KvErrorData } from "@hamzasaleemorg/convex-kv";
import { expect } from "vitest";

/** What `call` throws. Fails if it does not. */
export async function thrownBy(call: Promise<unknown> | (() => unknown)): Promise<unknown> {
  try {
    await (typeof call === "function" ? call() : call);
  } catch (error) {
    return error;
  }
  throw new Error("Nothing was thrown");
}

/** The data of the error of this package that `call` throws, which must have `code`. */
export async function kvErrorOf<C extends KvErrorCode>(
  call: Promise<unknown> | (() => unknown),
  code: C,
): Promise<KvErrorData & { code: C }> {
  const error = await thrownBy(call);
  if (!isKvError(error)) throw error;
  expect(error.data.code, error.data.message).toBe(code);
  expect(error.data.message).toMatch(/^\S.+\.$/s);
  return error.data as KvErrorData & { code: C };
}
