// Compiled, never run: every store is a store of anything, and a store of one thing is none of
// another.
import {
  type AtomicBuilder,
  type ComponentApi,
  type Key,
  type KeyValueStore,
  kvClientFactory,
  type RunMutation,
  type ValueSchema,
} from "@hamzasaleemorg/convex-kv";
import { v } from "convex/values";

declare const component: ComponentApi;
declare const ctx: RunMutation;
declare const schema: ValueSchema<number, Date>;

const kv = kvClientFactory(component);

const wipe = (store: KeyValueStore<unknown>) => store.deleteAll(ctx, []);

const users = kv.use<{ name: string }>(["users"]);
const steps = kv.use<number, [string]>(["steps"]);

void wipe(users);
void wipe(steps);
void wipe(kv.use());
void wipe(kv.use<unknown>());
void wipe(kv.use<bigint | null, [] | [string, ...number[]]>());
void wipe(kv.use([], schema));
void wipe(kv.use([], v.union(v.string(), v.int64())));
void wipe(users.withPrefix<number[]>(["a"]));
export const wipeAny = <V, K extends Key>(store: KeyValueStore<V, K>) => wipe(store);

const builder: AtomicBuilder<unknown, Key> = steps.atomic();
void builder;

const named = (store: KeyValueStore<{ name: string }>) => store.get(ctx as never, ["1"]);
void named(kv.use<{ name: string; age: number }>());
// @ts-expect-error Its values are numbers.
void named(kv.use<number>());
// @ts-expect-error Its keys are numbers.
const wrong: KeyValueStore<number, [string]> = kv.use<number, [number]>();
void wrong;
