import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { beginningIn } from "../../notation/parts.js";
import { formatPath, parsePath } from "../../notation/path.js";
import { api } from "./api.js";
import { useLive } from "./useLive.js";

/** How many are asked for: one read of the index each. */
const LIMIT = 8;

export interface Completion {
  /** The path. */
  id: string;
  key: KeyPart[];
  hasChildren: boolean;
}

/** Keys that a path may be on its way to, by what the part behind the last slash begins with. */
export function useCompletions(path: string): Completion[] {
  const begun = begunIn(path);
  const { data, isStale } = useLive(
    api.explorer.children,
    begun ? { prefix: begun.prefix, startsWith: begun.startsWith, limit: LIMIT } : "skip",
  );
  if (!begun || !data || isStale) return [];
  return data.children.map(({ part, hasChildren }) => {
    const key = [...begun.prefix, part as KeyPart];
    return { id: formatPath(key), key, hasChildren };
  });
}

/** undefined: what stands before the last slash is no path. */
function begunIn(path: string) {
  const [, before, last] = /^(.*\/)?(.*)$/s.exec(path)! as unknown as [string, string?, string?];
  if (path.trimStart().startsWith("[")) return undefined;
  try {
    return { prefix: parsePath(before ?? ""), startsWith: beginningIn(last?.trim() ?? "") };
  } catch {
    return undefined;
  }
}
