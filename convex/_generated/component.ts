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
export type ComponentApi<Name extends string | undefined = string | undefined> =
  {
    counted: {
      addends: FunctionReference<
        "mutation",
        "internal",
        {
          addends: Array<{
            addend: number;
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            version: string;
          }>;
        },
        null,
        Name
      >;
      at: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          counted?: {
            prefix: Array<
              string | number | bigint | boolean | null | ArrayBuffer
            >;
            sum: "none" | "value" | "addend";
            version?: number;
          };
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          includeValues?: boolean;
          index: number;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        null | {
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value?: any;
          version: string;
        },
        Name
      >;
      cursor: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          counted?: {
            prefix: Array<
              string | number | bigint | boolean | null | ArrayBuffer
            >;
            sum: "none" | "value" | "addend";
            version?: number;
          };
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          offset: number;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        null | string,
        Name
      >;
      known: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          counted?: {
            prefix: Array<
              string | number | bigint | boolean | null | ArrayBuffer
            >;
            sum: "none" | "value" | "addend";
            version?: number;
          };
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        null | { count: number; sum: number },
        Name
      >;
      random: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          counted?: {
            prefix: Array<
              string | number | bigint | boolean | null | ArrayBuffer
            >;
            sum: "none" | "value" | "addend";
            version?: number;
          };
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          part: number;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        null | {
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value: any;
          version: string;
        },
        Name
      >;
      rank: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          counted?: {
            prefix: Array<
              string | number | bigint | boolean | null | ArrayBuffer
            >;
            sum: "none" | "value" | "addend";
            version?: number;
          };
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        null | number,
        Name
      >;
      start: FunctionReference<
        "mutation",
        "internal",
        {
          again?: boolean;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          sum: "none" | "value" | "addend";
          version?: number;
        },
        { isCounted: boolean; isWaiting?: boolean; jobId?: string },
        Name
      >;
      state: FunctionReference<
        "query",
        "internal",
        {
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          sum: "none" | "value" | "addend";
          version?: number;
        },
        { isCounted: boolean; isWaiting?: boolean; jobId?: string },
        Name
      >;
      stop: FunctionReference<
        "mutation",
        "internal",
        {
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
        },
        boolean,
        Name
      >;
      tally: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          counted?: {
            prefix: Array<
              string | number | bigint | boolean | null | ArrayBuffer
            >;
            sum: "none" | "value" | "addend";
            version?: number;
          };
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        { count: number; sum: number },
        Name
      >;
    };
    entries: {
      atomic: FunctionReference<
        "mutation",
        "internal",
        {
          checks: Array<{
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            version: string | null;
          }>;
          empty?: Array<
            Array<string | number | bigint | boolean | null | ArrayBuffer>
          >;
          operations: Array<
            | {
                addend?: number;
                exact?: boolean;
                expiresAt?: number;
                ifAbsent?: boolean;
                keepTtl?: boolean | "ifSet";
                key: Array<
                  string | number | bigint | boolean | null | ArrayBuffer
                >;
                metadata?: any;
                onExpire?: string;
                separate?: boolean;
                ttl?: number;
                type: "set";
                value: any;
                whenLeft?: number;
              }
            | {
                key: Array<
                  string | number | bigint | boolean | null | ArrayBuffer
                >;
                type: "delete";
              }
            | {
                key: Array<
                  string | number | bigint | boolean | null | ArrayBuffer
                >;
                type: "take";
              }
            | {
                defaultMetadata?: any;
                exact?: boolean;
                expiresAt?: number;
                keepTtl?: boolean | "ifSet";
                key: Array<
                  string | number | bigint | boolean | null | ArrayBuffer
                >;
                metadata?: any;
                onExpire?: string;
                operand: any;
                ttl?: number;
                type: "sum" | "min" | "max";
              }
          >;
        },
        | { ok: true; taken: Array<any>; versions: Array<string | null> }
        | { failed: Array<number>; ok: false },
        Name
      >;
      expire: FunctionReference<
        "mutation",
        "internal",
        {
          exact?: boolean;
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          onExpire?: string;
          ttl?: number;
          when?: "always" | "ifUnset" | "ifSet" | "later" | "sooner";
          whenLeft?: number;
        },
        boolean,
        Name
      >;
      increment: FunctionReference<
        "mutation",
        "internal",
        {
          defaultMetadata?: any;
          exact?: boolean;
          expiresAt?: number;
          keepTtl?: boolean | "ifSet";
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          onExpire?: string;
          operand: any;
          ttl?: number;
        },
        number | bigint,
        Name
      >;
      persist: FunctionReference<
        "mutation",
        "internal",
        { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
        boolean,
        Name
      >;
      touch: FunctionReference<
        "mutation",
        "internal",
        {
          exact?: boolean;
          includeValue: boolean;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          onExpire?: string;
          ttl: number;
          whenLeft: number;
        },
        null | {
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value?: any;
          version: string;
        },
        Name
      >;
      ttl: FunctionReference<
        "query",
        "internal",
        { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
        null | number,
        Name
      >;
    };
    kv: {
      deleteAll: FunctionReference<
        "mutation",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        { deletedCount: number; hasMore: boolean; jobId?: string },
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
          version: string;
        },
        Name
      >;
      getAll: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          includeValues?: boolean;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        Array<{
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value?: any;
          version: string;
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
      list: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          cursor?: string | null;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          endCursor?: string | null;
          includeValues?: boolean;
          limit?: number;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        {
          continueCursor: string;
          entries: Array<{
            expiresAt?: number;
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            metadata?: any;
            updatedAt: number;
            value?: any;
            version: string;
          }>;
          isDone: boolean;
          pageStatus?: "SplitRecommended" | "SplitRequired";
          splitCursor?: string;
        },
        Name
      >;
      migrate: FunctionReference<
        "mutation",
        "internal",
        {},
        { isDone: boolean; jobId?: string },
        Name
      >;
      remove: FunctionReference<
        "mutation",
        "internal",
        { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
        boolean,
        Name
      >;
      set: FunctionReference<
        "mutation",
        "internal",
        {
          addend?: number;
          exact?: boolean;
          expiresAt?: number;
          ifAbsent?: boolean;
          keepTtl?: boolean | "ifSet";
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          onExpire?: string;
          separate?: boolean;
          ttl?: number;
          value: any;
          whenLeft?: number;
        },
        { version: string | null; written: boolean },
        Name
      >;
      vacuum: FunctionReference<
        "mutation",
        "internal",
        {},
        { count: number; jobId?: string },
        Name
      >;
    };
    leases: {
      acquire: FunctionReference<
        "mutation",
        "internal",
        {
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          owner?: string;
          ttl: number;
        },
        | { expiresAt: number; fence: number; token: string }
        | { heldUntil: number },
        Name
      >;
      release: FunctionReference<
        "mutation",
        "internal",
        {
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          purpose: "lock" | "load";
          token: string;
        },
        boolean,
        Name
      >;
      renew: FunctionReference<
        "mutation",
        "internal",
        {
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          purpose: "lock" | "load";
          token: string;
          ttl: number;
        },
        boolean,
        Name
      >;
      state: FunctionReference<
        "query",
        "internal",
        { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
        null | { expiresAt: number; fence: number; owner?: string },
        Name
      >;
    };
    loads: {
      begin: FunctionReference<
        "mutation",
        "internal",
        {
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          ttl: number;
          version: string | null;
        },
        | {
            entry: {
              expiresAt?: number;
              key: Array<
                string | number | bigint | boolean | null | ArrayBuffer
              >;
              metadata?: any;
              updatedAt: number;
              value: any;
              version: string;
            };
          }
        | { token: string; version: string | null }
        | { heldUntil: number },
        Name
      >;
      end: FunctionReference<
        "mutation",
        "internal",
        {
          entry: {
            addend?: number;
            exact?: boolean;
            expiresAt?: number;
            ifAbsent?: boolean;
            keepTtl?: boolean | "ifSet";
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            metadata?: any;
            onExpire?: string;
            separate?: boolean;
            ttl?: number;
            value: any;
            whenLeft?: number;
          };
          token: string;
          version: string | null;
        },
        boolean,
        Name
      >;
      forget: FunctionReference<
        "mutation",
        "internal",
        {
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
        },
        null,
        Name
      >;
      look: FunctionReference<
        "query",
        "internal",
        {
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          version: string | null;
        },
        {
          entry: null | {
            expiresAt?: number;
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            metadata?: any;
            updatedAt: number;
            value: any;
            version: string;
          };
          heldUntil: null | number;
        },
        Name
      >;
    };
    many: {
      get: FunctionReference<
        "query",
        "internal",
        {
          keys: Array<
            Array<string | number | bigint | boolean | null | ArrayBuffer>
          >;
        },
        Array<null | {
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value: any;
          version: string;
        }>,
        Name
      >;
      remove: FunctionReference<
        "mutation",
        "internal",
        {
          keys: Array<
            Array<string | number | bigint | boolean | null | ArrayBuffer>
          >;
        },
        number,
        Name
      >;
      set: FunctionReference<
        "mutation",
        "internal",
        {
          entries: Array<{
            addend?: number;
            exact?: boolean;
            expiresAt?: number;
            ifAbsent?: boolean;
            keepTtl?: boolean | "ifSet";
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            metadata?: any;
            onExpire?: string;
            separate?: boolean;
            ttl?: number;
            value: any;
            whenLeft?: number;
          }>;
        },
        Array<{ version: string | null; written: boolean }>,
        Name
      >;
    };
    moves: {
      copy: FunctionReference<
        "mutation",
        "internal",
        {
          from: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          onConflict?: "error" | "overwrite" | "skip";
          to: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        },
        {
          copiedCount: number;
          hasMore: boolean;
          jobId?: string;
          skippedCount: number;
        },
        Name
      >;
      move: FunctionReference<
        "mutation",
        "internal",
        {
          from: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          onConflict?: "error" | "overwrite" | "skip";
          to: Array<string | number | bigint | boolean | null | ArrayBuffer>;
        },
        {
          hasMore: boolean;
          jobId?: string;
          movedCount: number;
          skippedCount: number;
        },
        Name
      >;
    };
    point: {
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
          version: string;
        },
        Name
      >;
      has: FunctionReference<
        "query",
        "internal",
        { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
        boolean,
        Name
      >;
      remove: FunctionReference<
        "mutation",
        "internal",
        { key: Array<string | number | bigint | boolean | null | ArrayBuffer> },
        boolean,
        Name
      >;
      set: FunctionReference<
        "mutation",
        "internal",
        {
          addend?: number;
          exact?: boolean;
          expiresAt?: number;
          ifAbsent?: boolean;
          keepTtl?: boolean | "ifSet";
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          onExpire?: string;
          separate?: boolean;
          ttl?: number;
          value: any;
          whenLeft?: number;
        },
        { version: string | null; written: boolean },
        Name
      >;
    };
    replace: {
      all: FunctionReference<
        "mutation",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          entries: Array<{
            addend?: number;
            exact?: boolean;
            expiresAt?: number;
            ifAbsent?: boolean;
            keepTtl?: boolean | "ifSet";
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            metadata?: any;
            onExpire?: string;
            separate?: boolean;
            ttl?: number;
            value: any;
            whenLeft?: number;
          }>;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        {
          deletedCount: number;
          hasMore: boolean;
          jobId?: string;
          results: Array<{ version: string | null; written: boolean }>;
        },
        Name
      >;
    };
    status: {
      job: FunctionReference<
        "query",
        "internal",
        {
          id: string;
          prefix?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
        },
        | null
        | {
            deleted: number;
            failures: number;
            kind:
              | "delete"
              | "sweep"
              | "timer"
              | "move"
              | "copy"
              | "migrate"
              | "count";
            skipped: number;
            startedAt: number;
            state: "running";
            transferred: number;
          }
        | {
            deleted: number;
            endedAt: number;
            failures: number;
            kind:
              | "delete"
              | "sweep"
              | "timer"
              | "move"
              | "copy"
              | "migrate"
              | "count";
            skipped: number;
            startedAt: number;
            state: "done" | "replaced";
            transferred: number;
          }
        | {
            deleted: number;
            endedAt: number;
            error: { code: string; message: string };
            failures: number;
            kind:
              | "delete"
              | "sweep"
              | "timer"
              | "move"
              | "copy"
              | "migrate"
              | "count";
            skipped: number;
            startedAt: number;
            state: "failed";
            transferred: number;
          },
        Name
      >;
      jobs: FunctionReference<
        "query",
        "internal",
        {
          cursor?: string | null;
          limit?: number;
          prefix?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
        },
        {
          continueCursor: string;
          isDone: boolean;
          jobs: Array<
            | {
                deleted: number;
                failures: number;
                id: string;
                kind:
                  | "delete"
                  | "sweep"
                  | "timer"
                  | "move"
                  | "copy"
                  | "migrate"
                  | "count";
                prefixes: Array<
                  Array<string | number | bigint | boolean | null | ArrayBuffer>
                >;
                skipped: number;
                startedAt: number;
                state: "running";
                transferred: number;
              }
            | {
                deleted: number;
                endedAt: number;
                failures: number;
                id: string;
                kind:
                  | "delete"
                  | "sweep"
                  | "timer"
                  | "move"
                  | "copy"
                  | "migrate"
                  | "count";
                prefixes: Array<
                  Array<string | number | bigint | boolean | null | ArrayBuffer>
                >;
                skipped: number;
                startedAt: number;
                state: "done" | "replaced";
                transferred: number;
              }
            | {
                deleted: number;
                endedAt: number;
                error: { code: string; message: string };
                failures: number;
                id: string;
                kind:
                  | "delete"
                  | "sweep"
                  | "timer"
                  | "move"
                  | "copy"
                  | "migrate"
                  | "count";
                prefixes: Array<
                  Array<string | number | bigint | boolean | null | ArrayBuffer>
                >;
                skipped: number;
                startedAt: number;
                state: "failed";
                transferred: number;
              }
          >;
        },
        Name
      >;
      migration: FunctionReference<
        "query",
        "internal",
        {},
        {
          isNeeded: boolean;
          jobId?: string;
          problems: Array<{
            key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
            message: string;
            problem: "ambiguous" | "setAside";
          }>;
        },
        Name
      >;
    };
    tree: {
      children: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          cursor?: string | null;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          endCursor?: string | null;
          limit?: number;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        {
          children: Array<{
            hasChildren: boolean;
            hasEntry: boolean;
            part: string | number | bigint | boolean | null | ArrayBuffer;
          }>;
          continueCursor: string;
          isDone: boolean;
          pageStatus?: "SplitRequired";
          splitCursor?: string;
        },
        Name
      >;
      count: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          cursor?: string | null;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          limit?: number;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        { continueCursor: string; count: number; isDone: boolean },
        Name
      >;
      first: FunctionReference<
        "query",
        "internal",
        {
          after?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          end?: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          includeValues?: boolean;
          prefix: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          reverse?: boolean;
          start?: Array<
            string | number | bigint | boolean | null | ArrayBuffer
          >;
          startsWith?: string | ArrayBuffer;
        },
        null | {
          expiresAt?: number;
          key: Array<string | number | bigint | boolean | null | ArrayBuffer>;
          metadata?: any;
          updatedAt: number;
          value?: any;
          version: string;
        },
        Name
      >;
    };
  };
