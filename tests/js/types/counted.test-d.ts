// Compiled, never run: what counted stores take and return, as the type checker sees it.
import {
  type ComponentApi,
  type CountedOption,
  type CountingState,
  type CountResult,
  type Entry,
  type EntryInfo,
  type KeyValueStore,
  kvClientFactory,
  type Page,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";
import { expectTypeOf } from "vitest";
import { z } from "zod";

declare const component: ComponentApi;
declare const ctx: RunQuery & RunMutation;
declare const query: RunQuery;
declare const flag: boolean;

type Order = { price: number };
type OrderKey = [userId: string, day: number];

const kv = kvClientFactory(component);

// --- What is added up: numbers, or what a function makes of a value.

const orders = kv.use<Order, OrderKey>(["orders"], { counted: { sum: ({ price }) => price } });
expectTypeOf(orders).toEqualTypeOf<KeyValueStore<Order, OrderKey>>();
kv.use<number>(["scores"], { counted: true });
kv.use<number>(["scores"], { counted: false });
kv.use<number>(["scores"], { counted: { sum: "value" } });
kv.use(["orders"], {
  validator: v.object({ price: v.number() }),
  counted: { sum: ({ price }) => price },
});
// What a schema makes of a value is what is added up.
kv.use(["named"], {
  validator: z.string().transform((name) => ({ name, letters: name.length })),
  counted: { sum: ({ letters }) => letters },
});
const option: CountedOption<Order> = { sum: ({ price }) => price };
kv.use<Order>(["orders"], { counted: option });

// @ts-expect-error There is no other word.
kv.use<number>(["scores"], { counted: { sum: "values" } });
// @ts-expect-error What is added up is a number.
kv.use<Order>(["orders"], { counted: { sum: ({ price }) => String(price) } });
// @ts-expect-error The function is for other values.
kv.use<Order>(["orders"], { counted: { sum: ({ weight }: { weight: number }) => weight } });
// @ts-expect-error A sum of nothing is `true`.
kv.use<number>(["scores"], { counted: {} });

// --- A store is one of a wider type, whatever it adds up, and one below it may have its own.

const wider: KeyValueStore<unknown> = kv.use<Order>(["orders"], { counted: option });
void wider;
expectTypeOf(orders.withPrefix(["ana"])).toEqualTypeOf<KeyValueStore<Order, [day: number]>>();
orders.withPrefix(["ana"], { counted: { sum: (order) => order.price * 2 } });

// --- What they return.

expectTypeOf(orders.count(ctx, ["ana"])).resolves.toEqualTypeOf<CountResult>();
expectTypeOf(orders.sum(query, ["ana"], { start: [3] })).resolves.toEqualTypeOf<number>();
expectTypeOf(
  orders.rank(query, ["ana", 3], { prefix: ["ana"], reverse: true }),
).resolves.toEqualTypeOf<number | null>();
expectTypeOf(orders.at(query, -1)).resolves.toEqualTypeOf<Entry<Order> | null>();
expectTypeOf(
  orders.at(query, 0, { prefix: ["ana"], includeValues: true }),
).resolves.toEqualTypeOf<Entry<Order> | null>();
expectTypeOf(
  orders.at(query, 0, { includeValues: false }),
).resolves.toEqualTypeOf<EntryInfo | null>();
expectTypeOf(orders.at(query, 0, { includeValues: flag })).resolves.toExtend<{
  value?: Order;
} | null>();
expectTypeOf(
  orders.random(query, { startsWith: "a" }),
).resolves.toEqualTypeOf<Entry<Order> | null>();
expectTypeOf(orders.list(query, ["ana"], { offset: 20, limit: 10 })).resolves.toEqualTypeOf<
  Page<Entry<Order>>
>();
expectTypeOf(
  orders.list(query, ["ana"], { offset: 20, includeValues: false }),
).resolves.toEqualTypeOf<Page<EntryInfo>>();
expectTypeOf(orders.startCounting(ctx)).resolves.toEqualTypeOf<CountingState>();
expectTypeOf(orders.stopCounting(ctx)).resolves.toEqualTypeOf<boolean>();
expectTypeOf(orders.countingState(query)).resolves.toEqualTypeOf<CountingState>();

// @ts-expect-error An entry without its value.
void orders.at(query, 0, { includeValues: false }).then((entry) => entry?.value);
// @ts-expect-error A key of this store has a number behind the user.
void orders.rank(query, ["ana", "3"]);
// @ts-expect-error Only lists pass over entries.
void orders.getAll(query, ["ana"], { offset: 20 });
// @ts-expect-error It writes.
void orders.startCounting(query);
// @ts-expect-error It writes.
void orders.stopCounting(query);
