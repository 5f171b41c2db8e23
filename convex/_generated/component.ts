/* eslint-disable */
/**
 * Generated `ComponentApi` utility.
 *
 * THIS CODE IS AUTOMATICALLY GENERATED.
 *
 * To regenerate, run `npx convex dev`.
 * @module
 */

import type { FunctionReference } from "convex/server";

/**
 * A utility for referencing a Convex component's exposed API.
 *
 * Useful when expecting a parameter like `components.myComponent`.
 * Usage:
 * ```ts
 * async function myFunction(ctx: QueryCtx, component: ComponentApi) {
 *   return ctx.runQuery(component.someFile.someQuery, { ...args });
 * }
 * ```
 */
export type ComponentApi<Name extends string | undefined = string | undefined> = {
  kv: {
    deleteAll: FunctionReference<
      "mutation",
      "internal",
      {
        prefix: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      { deletedCount: number; hasMore: boolean; jobId?: string },
      Name
    >;
    deleteMany: FunctionReference<
      "mutation",
      "internal",
      { keys: Array<Array<string | number | bigint | boolean | null | ArrayBuffer>> },
      null,
      Name
    >;
    get: FunctionReference<
      "query",
      "internal",
      { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
      null | {
        expiresAt?: number;
        key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        metadata?: any;
        updatedAt: number;
        value: any;
      },
      Name
    >;
    getAll: FunctionReference<
      "query",
      "internal",
      {
        end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        includeValues?: boolean;
        prefix: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        reverse?: boolean;
        start?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      Array<{
        expiresAt?: number;
        key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        metadata?: any;
        updatedAt: number;
        value?: any;
      }>,
      Name
    >;
    getMany: FunctionReference<
      "query",
      "internal",
      { keys: Array<Array<string | number | bigint | boolean | null | ArrayBuffer>> },
      Array<null | {
        expiresAt?: number;
        key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        metadata?: any;
        updatedAt: number;
        value: any;
      }>,
      Name
    >;
    has: FunctionReference<
      "query",
      "internal",
      { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
      boolean,
      Name
    >;
    job: FunctionReference<
      "query",
      "internal",
      {
        id: string;
        prefix?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      null | {
        deleted: number;
        endedAt?: number;
        failures: number;
        startedAt: number;
        state: "running" | "done" | "replaced";
      },
      Name
    >;
    list: FunctionReference<
      "query",
      "internal",
      {
        cursor?: string | null;
        end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        endCursor?: string | null;
        includeValues?: boolean;
        limit?: number;
        prefix: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        reverse?: boolean;
        start?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      {
        continueCursor: string;
        entries: Array<{
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value?: any;
        }>;
        isDone: boolean;
      },
      Name
    >;
    remove: FunctionReference<
      "mutation",
      "internal",
      { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
      null,
      Name
    >;
    set: FunctionReference<
      "mutation",
      "internal",
      {
        exact?: boolean;
        expiresAt?: number;
        key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        metadata?: any;
        ttl?: number;
        value: any;
      },
      null,
      Name
    >;
    setMany: FunctionReference<
      "mutation",
      "internal",
      {
        entries: Array<{
          exact?: boolean;
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          ttl?: number;
          value: any;
        }>;
      },
      null,
      Name
    >;
    vacuum: FunctionReference<"mutation", "internal", {}, { count: number; jobId?: string }, Name>;
  };
  tree: {
    children: FunctionReference<
      "query",
      "internal",
      {
        cursor?: string | null;
        end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        limit?: number;
        prefix: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        reverse?: boolean;
        start?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      {
        children: Array<{
          hasChildren: boolean;
          hasEntry: boolean;
          part: string | number | bigint | boolean | null | ArrayBuffer;
        }>;
        continueCursor: string;
        isDone: boolean;
      },
      Name
    >;
    count: FunctionReference<
      "query",
      "internal",
      {
        cursor?: string | null;
        end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        limit?: number;
        prefix: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        reverse?: boolean;
        start?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      { continueCursor: string; count: number; isDone: boolean },
      Name
    >;
    first: FunctionReference<
      "query",
      "internal",
      {
        end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        includeValues?: boolean;
        prefix: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        reverse?: boolean;
        start?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
      },
      null | {
        expiresAt?: number;
        key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        metadata?: any;
        updatedAt: number;
        value?: any;
      },
      Name
    >;
  };
};
