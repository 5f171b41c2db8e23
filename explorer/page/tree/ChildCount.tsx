import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { api } from "../data/api.js";
import { useAsOf } from "../data/expiry.js";
import { useLive } from "../data/useLive.js";
import { formatCount } from "../parts/numbers.js";

/** A count looks at each entry if the store is not counted, so it goes no further than is cheap. */
const CHEAP = 100;

/** How many entries there are at and below a prefix, as far as that is cheap to say. */
export function ChildCount({ prefix }: { prefix: KeyPart[] }) {
  const { data } = useLive(api.explorer.count, { prefix, limit: CHEAP, asOf: useAsOf() });
  if (!data) return null;
  return <span className="tree-count">{formatCount(data.count, !data.isDone)}</span>;
}
