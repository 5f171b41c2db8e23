// The functions of a store, as `clientApi` makes them, as far as a hook needs them.
import {
  type FunctionReference,
  type FunctionReturnType,
  getFunctionName,
  makeFunctionReference,
} from "convex/server";
import { useMemo } from "react";
import { queryKinds } from "./loaded.js";

// What a function takes and returns is the store's: of these only the kind counts.

/** A public query of an app. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Query = FunctionReference<"query", "public", any, any>;
/** A public mutation of an app. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Mutation = FunctionReference<"mutation", "public", any, any>;

/**
 * Those of a store's functions that a module of the app exports: `api.prefs`, say. Each hook needs
 * one or two of them, and gives what the others let it give.
 */
export interface StoreFunctions {
  get?: Query | undefined;
  list?: Query | undefined;
  count?: Query | undefined;
  children?: Query | undefined;
  set?: Mutation | undefined;
  setMany?: Mutation | undefined;
  increment?: Mutation | undefined;
  remove?: Mutation | undefined;
  removeAll?: Mutation | undefined;
}

/** What one of the functions takes as one of its arguments. */
export type ArgOf<F, Name extends keyof F, Arg extends string> = F[Name] extends {
  _args: { [A in Arg]?: infer T };
}
  ? Exclude<T, undefined>
  : never;

/** What one of the functions returns. */
export type ReturnOf<F, Name extends keyof F> = F[Name] extends Query | Mutation
  ? FunctionReturnType<F[Name]>
  : never;

const writeKinds = ["set", "setMany", "increment", "remove", "removeAll"] as const;
const kinds = [...queryKinds, ...writeKinds];

export type WriteKind = (typeof writeKinds)[number];

/** References to the functions that are there. */
export type References = Partial<
  Record<(typeof queryKinds)[number], Query> & Record<WriteKind, Mutation>
>;

/** The references, the same object as long as they lead to the same functions. */
export function useReferences(functions: StoreFunctions): References {
  // What `api` gives for a name is a new object each time.
  const names = kinds.map((kind) => {
    const reference = (functions as References)[kind];
    return reference ? getFunctionName(reference) : null;
  });
  const text = JSON.stringify(names);
  return useMemo(() => {
    const names = JSON.parse(text) as (string | null)[];
    const found = kinds.flatMap((kind, i) => {
      const name = names[i];
      return name == null ? [] : [[kind, makeFunctionReference(name)] as const];
    });
    return Object.fromEntries(found) as References;
  }, [text]);
}
