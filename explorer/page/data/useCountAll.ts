import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useConvex } from "convex/react";
import { useEffect, useState } from "react";
import { api } from "./api.js";

/** One query's share: a count looks at each entry, if the store is not counted. */
const STEP = 4000;

export interface Count {
  count: number;
  isDone: boolean;
  error?: unknown;
}

/** Counts all entries at and below a prefix, once: some thousands at a time. */
export function useCountAll(prefix: KeyPart[]): Count {
  const convex = useConvex();
  const [result, setResult] = useState<Count>({ count: 0, isDone: false });
  useEffect(() => {
    let isWanted = true;
    const countOn = async () => {
      let cursor: string | undefined;
      let count = 0;
      for (;;) {
        const step = await convex.query(api.explorer.count, { prefix, limit: STEP, cursor });
        count += step.count;
        if (!isWanted) return;
        setResult({ count, isDone: step.isDone });
        if (step.isDone) return;
        cursor = step.continueCursor;
      }
    };
    countOn().catch((error: unknown) => setResult({ count: 0, isDone: false, error }));
    return () => {
      isWanted = false;
    };
  }, [convex, prefix]);
  return result;
}
