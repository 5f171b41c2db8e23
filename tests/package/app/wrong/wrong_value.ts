// Must not compile: the store holds { name: string }.
import { kvClientFactory } from "@hamzasaleemorg/convex-kv";
import { components } from "../convex/_generated/api";
import type { MutationCtx } from "../convex/_generated/server";

const store = kvClientFactory(components.convexKv).use<{ name: string }>(["users"]);

export async function setWrongValue(ctx: MutationCtx) {
  await store.set(ctx, ["123"], { name: 1 });
}
