import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { ValueSchema } from "@hamzasaleemorg/convex-kv";

/** A schema that judges as `validate` does. It counts in `calls` how often it was asked. */
export function schemaOf<V, In = V>(
  validate: (value: unknown) => StandardSchemaV1.Result<V> | Promise<StandardSchemaV1.Result<V>>,
): ValueSchema<V, In> & { calls: number } {
  const schema = {
    calls: 0,
    "~standard": {
      version: 1 as const,
      vendor: "test",
      validate: (value: unknown) => {
        schema.calls += 1;
        return validate(value);
      },
    },
  };
  return schema;
}

/** One that nothing fits, with these issues. */
export const refusing = (...issues: StandardSchemaV1.Issue[]) =>
  schemaOf<unknown>(() => ({ issues }));

/** Text, as it is. */
export const text = schemaOf<string>((value) =>
  typeof value === "string" ? { value } : { issues: [{ message: "Not a text" }] },
);

/** Text of which it makes its length, later. */
export const lengthLater = schemaOf<number, string>(async (value) => {
  await Promise.resolve();
  return typeof value === "string"
    ? { value: value.length }
    : { issues: [{ message: "Not a text" }] };
});
