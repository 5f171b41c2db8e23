// Compiled, never run: what stores with schemas take and return.
import {
  type ComponentApi,
  type Entry,
  type Key,
  KeyValueStore,
  kvClientFactory,
  type RunMutation,
  type RunQuery,
  type ValueSchema,
} from "@hamzasaleemorg/convex-kv";
import type { StandardSchemaV1 } from "@standard-schema/spec";
import { type } from "arktype";
import { v } from "convex/values";
import * as valibot from "valibot";
import { expectTypeOf } from "vitest";
import { z } from "zod";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;

type User = { name: string };

const kv = kvClientFactory(component);

// --- V is the schema's output, In its input.

declare const plain: ValueSchema<User>;
declare const counting: ValueSchema<{ count: number }, { count?: number | string }>;

expectTypeOf(kv.use(["users"], plain)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use<User>(["users"], plain)).toEqualTypeOf<KeyValueStore<User>>();
const counters = kv.use(["counters"], counting);
type Counters = KeyValueStore<{ count: number }, Key, { count?: number | string }>;
expectTypeOf(counters).toEqualTypeOf<Counters>();
expectTypeOf(
  kv.use(["counters"], { validator: counting, validate: "both", expiry: "exact" }),
).toEqualTypeOf<Counters>();
expectTypeOf(
  new KeyValueStore(component, ["counters"], { validator: counting }),
).toEqualTypeOf<Counters>();

void counters.set(ctx, ["a"], {});
void counters.set(ctx, ["a"], { count: "5" });
void counters.setMany(ctx, [{ key: ["a"], value: { count: "5" } }]);
expectTypeOf(counters.get(ctx, ["a"])).resolves.toEqualTypeOf<{ count: number } | null>();
expectTypeOf(counters.getAll(ctx, [])).resolves.toEqualTypeOf<Entry<{ count: number }>[]>();
// What is stored, and not what was made.
expectTypeOf(
  counters.update(ctx, ["a"], (value) => ({ count: String(value?.count ?? 0) })),
).resolves.toEqualTypeOf<{ count: number }>();
// @ts-expect-error That is not what the schema takes.
void counters.update(ctx, ["a"], () => ({ count: true }));
// @ts-expect-error That is not what the schema takes.
void counters.set(ctx, ["a"], { count: true });
// @ts-expect-error Nor is that.
void counters.setMany(ctx, [{ key: ["a"], value: { count: true } }]);
// @ts-expect-error The schema is for another type.
kv.use<User>(["users"], counting);
// @ts-expect-error A schema or a validator, and not just anything.
kv.use(["users"], { parse: () => 1 });
// @ts-expect-error There is no such mode.
kv.use(["users"], { validator: plain, validate: "always" });

// --- So it is with the libraries.

const toNumber = (text: string) => Number(text);
const zod = kv.use(["z"], z.object({ name: z.string(), n: z.string().transform(toNumber) }));
const vali = kv.use(
  ["v"],
  valibot.object({
    name: valibot.string(),
    n: valibot.pipe(valibot.string(), valibot.transform(toNumber)),
  }),
);
const ark = kv.use(["a"], type({ name: "string", n: type("string").pipe(toNumber) }));
type Transformed = KeyValueStore<{ name: string; n: number }, Key, { name: string; n: string }>;
expectTypeOf(zod).toEqualTypeOf<Transformed>();
expectTypeOf(vali).toEqualTypeOf<Transformed>();
expectTypeOf(ark).toEqualTypeOf<Transformed>();
expectTypeOf(kv.use(["z"], z.string())).toEqualTypeOf<KeyValueStore<string>>();
expectTypeOf(kv.use<User>(["z"], z.object({ name: z.string() }))).toEqualTypeOf<
  KeyValueStore<User>
>();

// --- Stores below keep V and In, or take those of another validator.

expectTypeOf(counters.withPrefix(["a"])).toEqualTypeOf<Counters>();
expectTypeOf(counters.withPrefix(["a"], { expiry: "exact" })).toEqualTypeOf<Counters>();
expectTypeOf(counters.subStore(["a"], { validate: "read" })).toEqualTypeOf<Counters>();
expectTypeOf(counters.withPrefix(["a"], plain)).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(counters.subStore(["a"], { validator: plain })).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(kv.use(["u"], plain).withPrefix(["a"], counting)).toEqualTypeOf<Counters>();
expectTypeOf(counters.withPrefix<User>(["a"])).toEqualTypeOf<KeyValueStore<User>>();
expectTypeOf(counters.withPrefix(["a"], v.any())).toEqualTypeOf<KeyValueStore>();
// A validator of `v.*` for the very type that the schema above made.
const made = v.object({ count: v.number() });
expectTypeOf(counters.withPrefix(["a"], made)).toEqualTypeOf<KeyValueStore<{ count: number }>>();

// --- The interface is that of the specification, which its libraries follow.

type Theirs = StandardSchemaV1<Date, User>;
type Ours = ValueSchema<User, Date>;
const theirs: Theirs = null as unknown as Ours;
const ours: Ours = null as unknown as Theirs;
expectTypeOf<StandardSchemaV1.InferInput<Ours>>().toEqualTypeOf<Date>();
expectTypeOf<StandardSchemaV1.InferOutput<Ours>>().toEqualTypeOf<User>();
void [theirs, ours];
// @ts-expect-error A schema of other values is another.
const wrong: ValueSchema<string, Date> = theirs;
void wrong;
