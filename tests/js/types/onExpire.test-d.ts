// Compiled, never run: which functions may be told of expired entries, and what they get.
import {
  type ComponentApi,
  type ExpiredEntry,
  type ExpiryHandler,
  type KeyPart,
  type KeyValueStore,
  kvClientFactory,
} from "@hamzasaleemorg/convex-kv";
import { vExpiredEntry } from "@hamzasaleemorg/convex-kv/validators";
import type { ApiFromModules } from "convex/server";
import {
  internalMutationGeneric as internalMutation,
  internalQueryGeneric as internalQuery,
  mutationGeneric as mutation,
} from "convex/server";
import { type Infer, v } from "convex/values";
import { expectTypeOf } from "vitest";

declare const component: ComponentApi;
const kv = kvClientFactory(component);
const args = { entries: v.array(vExpiredEntry) };
const handler = (): null => null;

const functions = {
  left: internalMutation({ args, handler }),
  open: mutation({ args, handler }),
  narrow: internalMutation({
    args: {
      entries: v.array(
        v.object({ key: v.array(v.any()), value: v.optional(v.string()), expiresAt: v.number() }),
      ),
    },
    handler,
  }),
  read: internalQuery({ args, handler }),
  other: internalMutation({ args: { entries: v.array(v.string()) }, handler }),
};
void functions;
declare const internal: ApiFromModules<{ presence: typeof functions }>;

// --- mutations that take expired entries

const { left, open } = internal.presence;
expectTypeOf(left).toExtend<ExpiryHandler>();
expectTypeOf(open).toExtend<ExpiryHandler>();
expectTypeOf(internal.presence.narrow).toExtend<ExpiryHandler>();
expectTypeOf(kv.use<string>(["p"], { onExpire: left })).toExtend<KeyValueStore<string>>();
expectTypeOf(kv.use(["p"], { validator: v.number(), onExpire: open })).toExtend<
  KeyValueStore<number>
>();
kv.use<string>(["p"]).withPrefix(["q"], { onExpire: left });

// --- and no others

// @ts-expect-error A query.
kv.use(["p"], { onExpire: internal.presence.read });
// @ts-expect-error It wants text.
kv.use(["p"], { onExpire: internal.presence.other });
// @ts-expect-error Its name.
kv.use(["p"], { onExpire: "presence:left" });

// --- what they get

expectTypeOf<Infer<typeof vExpiredEntry>>().toEqualTypeOf<ExpiredEntry>();
expectTypeOf<ExpiredEntry["key"]>().toEqualTypeOf<KeyPart[]>();
expectTypeOf<ExpiredEntry["expiresAt"]>().toEqualTypeOf<number>();
