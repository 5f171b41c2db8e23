import {
  type GenericDataModel,
  type GenericMutationCtx,
  type GenericQueryCtx,
  mutationGeneric,
  queryGeneric,
  type RegisteredMutation,
  type RegisteredQuery,
} from "convex/server";
import {
  type GenericValidator,
  type Infer,
  type ObjectType,
  type PropertyValidators,
  v,
} from "convex/values";
import { type CheckedCtx, checkKey, checkWith } from "./access.js";
import { type Place, placeCalled } from "./places.js";
import { refusal } from "./refusals.js";

// Each function of the explorer asks first whether its caller is admitted, and which component is
// meant.

/** What each function takes beside its own arguments. */
export type Access = {
  /** The key: the deployment's KV_EXPLORER_KEY. Not needed if the app has a check of its own. */
  secret?: string;
  /** The component, by the name that `info` tells. Default: the first. */
  component?: string;
};

const access = { secret: v.optional(v.string()), component: v.optional(v.string()) };

/** What the functions of one app have in common. */
export interface Guard {
  places: Place[];
  readOnly: boolean;
  check: ((ctx: CheckedCtx) => unknown) | undefined;
}

interface Spec<Ctx, Args extends PropertyValidators, Result extends GenericValidator> {
  args: Args;
  returns: Result;
  handler(ctx: Ctx, args: ObjectType<Args>, place: Place): Promise<Infer<Result>>;
}

type QueryCtx = GenericQueryCtx<GenericDataModel>;
type MutationCtx = GenericMutationCtx<GenericDataModel>;

// The types of both name Convex's own directly: those of references are inferred from the name.

/** A query that answers only those who are admitted. */
export function guardedQuery<Args extends PropertyValidators, Result extends GenericValidator>(
  guard: Guard,
  { args, returns, handler }: Spec<QueryCtx, Args, Result>,
): RegisteredQuery<"public", ObjectType<Args> & Access, Promise<Infer<Result>>> {
  return queryGeneric({
    args: { ...args, ...access } as PropertyValidators,
    returns: returns as GenericValidator,
    handler: async (ctx, given) => {
      const { place, rest } = await admitted(guard, ctx, given);
      return await handler(ctx, rest as ObjectType<Args>, place);
    },
  }) as RegisteredQuery<"public", ObjectType<Args> & Access, Promise<Infer<Result>>>;
}

/** A mutation for those who are admitted, if the app lets the explorer write. */
export function guardedMutation<Args extends PropertyValidators, Result extends GenericValidator>(
  guard: Guard,
  { args, returns, handler }: Spec<MutationCtx, Args, Result>,
): RegisteredMutation<"public", ObjectType<Args> & Access, Promise<Infer<Result>>> {
  return mutationGeneric({
    args: { ...args, ...access } as PropertyValidators,
    returns: returns as GenericValidator,
    handler: async (ctx, given) => {
      const { place, rest } = await admitted(guard, ctx, given);
      if (guard.readOnly) {
        throw refusal("read_only", "This app lets the KV Explorer read, and not write.");
      }
      return await handler(ctx, rest as ObjectType<Args>, place);
    },
  }) as RegisteredMutation<"public", ObjectType<Args> & Access, Promise<Infer<Result>>>;
}

async function admitted({ check, places }: Guard, ctx: CheckedCtx, given: Access) {
  const { secret, component, ...rest } = given;
  if (check) await checkWith(check, ctx);
  else checkKey(secret);
  return { place: placeCalled(places, component), rest };
}
