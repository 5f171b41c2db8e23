import { sizes, type Tree } from "./tree.js";
import { usageOf, type Figures, type Limited } from "./usage.js";
import { PAGE, type WorkloadName } from "./workloads.js";

// What the platform makes of each operation at the least, whoever carries it out: a document for an
// entry, the user's own bytes and nothing else, and as few transactions as its limits allow. Each
// figure is a separate bound; no way to store entries need reach all of them at once.

// docs.convex.dev/production/state/limits
const LIMITS: Partial<Record<Limited, number>> = {
  documentsRead: 32_000,
  documentsWritten: 16_000,
  bytesRead: 16 << 20,
  bytesWritten: 16 << 20,
  databaseQueries: 4_096,
};
/** Most elements of an array, and so of an answer. */
const MAX_ELEMENTS = 8_192;

type Needs = Partial<Record<Limited, number>> & {
  /** In one answer. */
  elements?: number;
  /** Only the first call is the app's: what follows is scheduled. */
  background?: boolean;
};

export function floorOf(name: WorkloadName, tree: Tree): Figures {
  const { elements = 0, background, ...needs } = needsOf(name, tree);
  const shares = Object.entries(limitedOf(needs)).map(([name, need]) =>
    Math.ceil(need / LIMITS[name as Limited]!),
  );
  const transactions = Math.max(1, Math.ceil(elements / MAX_ELEMENTS), ...shares);
  const usage = usageOf((name) => needs[name] ?? 0);
  return {
    // The app's function and the component's.
    transactions,
    calls: background ? transactions + 1 : 2 * transactions,
    ...usage,
    databaseQueries: Math.max(usage.databaseQueries, transactions),
    functionsScheduled: background ? transactions - 1 : 0,
  };
}

function limitedOf(needs: Partial<Record<Limited, number>>) {
  return Object.fromEntries(Object.entries(needs).filter(([name]) => name in LIMITS));
}

function needsOf(name: WorkloadName, tree: Tree): Needs {
  const { key, value } = sizes(tree);
  const { keys, many } = tree;
  const found = (count: number, bytes: number): Needs => ({
    documentsRead: count,
    bytesRead: count * bytes,
    elements: count,
  });
  const written = (count: number): Needs => ({
    documentsWritten: count,
    bytesWritten: count * (key + value),
  });
  // To delete or replace what a query has found reads it again, value and all. The query itself
  // need not have read the value.
  const changed = (count: number): Needs => ({
    documentsRead: 2 * count,
    bytesRead: count * (2 * key + value),
    documentsWritten: count,
  });
  switch (name) {
    case "get":
      return found(1, key + value);
    case "has":
      return found(1, key);
    case "set, a new key":
      return written(1);
    case "set, over another":
      return { ...changed(1), ...written(1) };
    case "list 100":
      return found(PAGE, key + value);
    case "list 100, no values":
      return found(PAGE, key);
    case "getAll":
      return found(keys, key + value);
    case "getAll, no values":
      return found(keys, key);
    case "getMany":
      return { ...found(many, key + value), databaseQueries: many };
    case "setMany":
      return { ...written(many), databaseQueries: many };
    case "vacuum":
      return { ...changed(many), background: true };
    case "deleteAll":
      return { ...changed(keys), background: true };
  }
}
