import { kvClientFactory, type ValueSchema } from "@hamzasaleemorg/convex-kv";
import { type } from "arktype";
import * as valibot from "valibot";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { kvErrorOf } from "../support/errors.js";
import { fakeCtx, namedApi } from "../support/fakeCtx.js";

// The same schemas, as three libraries have them.

interface Library {
  user: ValueSchema<unknown>;
  /** A text's length. */
  length: ValueSchema<number, string>;
  /** Whether it has them. */
  asynchronous: ValueSchema<string> | null;
}

const lengthOf = (text: string) => text.length;
const isEven = (text: string) => Promise.resolve(text.length % 2 === 0);

const libraries: Record<string, Library> = {
  zod: {
    user: z.object({ name: z.string(), teams: z.array(z.object({ size: z.number() })) }),
    length: z.string().transform(lengthOf),
    asynchronous: z.string().refine(isEven, "Not even"),
  },
  valibot: {
    user: valibot.object({
      name: valibot.string(),
      teams: valibot.array(valibot.object({ size: valibot.number() })),
    }),
    length: valibot.pipe(valibot.string(), valibot.transform(lengthOf)),
    asynchronous: valibot.pipeAsync(valibot.string(), valibot.checkAsync(isEven, "Not even")),
  },
  arktype: {
    user: type({ name: "string", teams: type({ size: "number" }).array() }),
    length: type("string").pipe(lengthOf),
    asynchronous: null,
  },
};

const kv = kvClientFactory(namedApi);
const valueOf = (call: unknown) => (call as { args: { value: unknown } }).args.value;

describe.for(Object.entries(libraries))("%s", ([, { user, length, asynchronous }]) => {
  const ann = { name: "Ann", teams: [{ size: 1 }, { size: 2 }] };
  const misfit = { name: "Ann", teams: [{ size: 1 }, { size: "2" }] };

  test("what fits is stored", async () => {
    const { ctx, calls } = fakeCtx();
    await kv.use(["s"], user).set(ctx, ["k"], ann);
    expect(valueOf(calls[0])).toEqual(ann);
  });

  test("what does not fit is refused with its place", async () => {
    const { ctx, calls } = fakeCtx();
    const call = kv.use(["s"], user).set(ctx, ["k"], misfit);
    const error = await kvErrorOf(call, "invalid_value");
    expect(error.path).toBe("teams[1].size");
    expect(error.message).toMatch(/^The value's "teams\[1\]\.size" does not fit .*number/);
    const issue = { message: expect.any(String) as string, path: ["teams", 1, "size"] };
    expect(error.issues).toStrictEqual([issue]);
    expect(calls).toEqual([]);
  });

  test("what is read is checked", async () => {
    const store = kv.use(["s"], { validator: user, validate: "read" });
    const read = (value: unknown) =>
      store.get(fakeCtx({ key: ["s", "k"], value, updatedAt: 1 }).ctx, ["k"]);
    expect(await read(ann)).toBe(ann);
    const error = await kvErrorOf(read(misfit), "invalid_value");
    expect(error).toMatchObject({ path: "teams[1].size", key: ["s", "k"] });
  });

  test("what a schema makes of a value is stored", async () => {
    const { ctx, calls } = fakeCtx();
    const store = kv.use(["s"], length);
    await store.set(ctx, ["k"], "four");
    expect(valueOf(calls[0])).toBe(4);
    await kvErrorOf(store.set(ctx, ["k"], 4 as never), "invalid_value");
  });

  // ArkType has none.
  test.for(asynchronous ? [asynchronous] : [])(
    "an asynchronous schema is waited for",
    async (schema) => {
      const { ctx, calls } = fakeCtx();
      const store = kv.use(["s"], schema);
      await store.set(ctx, ["k"], "even");
      expect(valueOf(calls[0])).toBe("even");
      const error = await kvErrorOf(store.set(ctx, ["k"], "odd"), "invalid_value");
      expect(error.message).toContain("Not even.");
      expect(calls).toHaveLength(1);
    },
  );
});
