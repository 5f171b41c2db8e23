// Compiled, never run: what is known of a job in each state, and of an error with each code.
import {
  isKvError,
  type Job,
  type KvErrorCode,
  type KvErrorData,
  type KvIssue,
} from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { expectTypeOf } from "vitest";

declare const job: Job;

switch (job.state) {
  case "running":
    expectTypeOf(job.endedAt).toEqualTypeOf<undefined>();
    expectTypeOf(job.error).toEqualTypeOf<undefined>();
    break;
  case "done":
  case "replaced":
    expectTypeOf(job.endedAt).toEqualTypeOf<number>();
    expectTypeOf(job.error).toEqualTypeOf<undefined>();
    break;
  case "failed":
    expectTypeOf(job.endedAt).toEqualTypeOf<number>();
    expectTypeOf(job.error).toEqualTypeOf<{ code: string; message: string }>();
    break;
  default:
    expectTypeOf(job).toEqualTypeOf<never>();
}
expectTypeOf(job.endedAt).toEqualTypeOf<number | undefined>();

export function texts(error: unknown) {
  if (!isKvError(error)) return;
  expectTypeOf(error.data).toEqualTypeOf<KvErrorData>();
  expectTypeOf(error.data.code).toEqualTypeOf<KvErrorCode>();
  expectTypeOf(error.data.message).toEqualTypeOf<string>();
  // @ts-expect-error Only an invalid value has a path.
  void error.data.path;
  if (error.data.code === "invalid_value") {
    expectTypeOf(error.data.path).toEqualTypeOf<string | undefined>();
    expectTypeOf(error.data.issues).toEqualTypeOf<KvIssue[] | undefined>();
  } else if (error.data.code === "invalid_cursor") {
    expectTypeOf(error.data.isConvexSystemError).toEqualTypeOf<true>();
    expectTypeOf(error.data.paginationError).toEqualTypeOf<"InvalidCursor">();
  } else {
    expectTypeOf(error.data).toHaveProperty("message");
    // @ts-expect-error Nor has an error of another kind.
    void error.data.path;
  }
}

// As the data of a ConvexError has to be.
expectTypeOf<KvErrorData>().toExtend<Value>();
