import { type ConvexReactClient, useConvex } from "convex/react";
import type { OptimisticLocalStore } from "convex/browser";
import { useCallback, useRef, useState } from "react";
import { afterWrite, type Stamp, type Write } from "./edits.js";
import type { References } from "./functions.js";
import { type Loaded, queryKinds } from "./loaded.js";
import { isError } from "./isError.js";

/** Makes a write, which shows at once. */
export type Writer = (write: Write) => Promise<unknown>;

/** A writer, and what went wrong with the latest write: undefined while that is under way. */
export function useWriter(references: References): [Writer, Error | undefined] {
  const client = useConvex();
  const [error, setError] = useState<Error>();
  const latest = useRef(0);
  const write = useCallback<Writer>(
    async (write) => {
      const number = ++latest.current;
      setError(undefined);
      try {
        return await carryOut(client, references, write);
      } catch (error) {
        if (number === latest.current) setError(errorOf(error));
        throw error;
      }
    },
    [client, references],
  );
  return [write, error];
}

async function carryOut(
  client: ConvexReactClient,
  references: References,
  write: Write,
): Promise<unknown> {
  const mutation = references[write.kind];
  if (!mutation) throw new Error(`There is no function for it: ${write.kind}`);
  const stamp = newStamp();
  const optimisticUpdate = (store: OptimisticLocalStore) =>
    updateLoaded(store, references, write, stamp);
  return await client.mutation(mutation, write.args, { optimisticUpdate });
}

let stamps = 0;

function newStamp(): Stamp {
  return { updatedAt: Date.now(), version: `optimistic ${++stamps}` };
}

/** Changes the results of all queries of the store that are loaded, in whatever component. */
function updateLoaded(
  store: OptimisticLocalStore,
  references: References,
  write: Write,
  stamp: Stamp,
): void {
  const loaded = queryKinds.flatMap((kind): Loaded[] => {
    const query = references[kind];
    if (!query) return [];
    const all = store.getAllQueries(query).filter(({ value }) => value !== undefined);
    return all.map(({ args, value }) => ({ kind, args, value }) as Loaded);
  });
  for (const [i, query] of afterWrite(loaded, write, stamp).entries()) {
    if (query !== loaded[i]) store.setQuery(references[query.kind]!, query.args, query.value);
  }
}

function errorOf(error: unknown): Error {
  return isError(error) ? error : new Error(String(error));
}
