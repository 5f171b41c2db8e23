import type { Access, ExplorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import {
  anyApi,
  type FunctionReference,
  type RegisteredMutation,
  type RegisteredQuery,
} from "convex/server";
import { configuration } from "./configuration.js";

/** A function without what ExplorerClient adds to its arguments. */
type Reference<F> =
  F extends RegisteredQuery<"public", infer Args, infer Result>
    ? FunctionReference<"query", "public", Omit<Args, keyof Access>, Awaited<Result>>
    : F extends RegisteredMutation<"public", infer Args, infer Result>
      ? FunctionReference<"mutation", "public", Omit<Args, keyof Access>, Awaited<Result>>
      : never;

type References = { [Name in keyof ExplorerApi]: Reference<ExplorerApi[Name]> };

/** The functions that the page calls: those of the app's module with `explorerApi`. */
export const api = { explorer: inModule(configuration.module) };

function inModule(path: string): References {
  const names = path.split("/") as (keyof typeof anyApi)[];
  return names.reduce((folder, name) => folder[name] as typeof anyApi, anyApi) as never;
}
