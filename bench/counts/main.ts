// Counts what each operation costs on the platform: transactions, calls of functions, documents and
// bytes read and written; in this package, in what is published as 1.0.3, and at the least. On
// convex-test, with the platform's limits; the same every time. Prints the counts as JSON: of all
// trees, or with the argument "small" only of this package in the first.
import { ConvexError } from "convex/values";
import { floorOf } from "./floor.js";
import { ours } from "./ours.js";
import { published } from "./published.js";
import { startApp, type App } from "./store.js";
import { addExpired, countLeft, fillTree, PREFIX, type Tree } from "./tree.js";
import { record, type Figures, type Recorded } from "./usage.js";
import { workloads, type Workload, type WorkloadName } from "./workloads.js";

const IN_ANY_TREE: WorkloadName[] = [
  "get",
  "has",
  "set, a new key",
  "set, over another",
  "list 100",
  "list 100, no values",
  "getAll",
  "getAll, no values",
  "vacuum",
];

// What an operation costs depends on the values that it is about: in the largest tree they are
// small, or it would be a gigabyte. Each query of convex-test looks at every row there is, so
// deleteAll has a separate tree: large enough for the background, and no larger.
const trees: Tree[] = [
  { valueBytes: 100, keys: 100, many: 100 },
  { valueBytes: 100, keys: 1_000, many: 1_000 },
  { valueBytes: 10_000, keys: 1_000, many: 100 },
  { valueBytes: 900_000, keys: 100, many: 100 },
  { valueBytes: 100, keys: 20_000, many: 0, operations: ["deleteAll"] },
  { valueBytes: 100, keys: 100_000, many: 1_000, operations: IN_ANY_TREE },
];
const isSmall = process.argv[2] === "small";
const stores = isSmall ? { ours } : { ours, published };

/** Of one operation in one store. No figures: it was not run. */
interface Count extends Partial<Recorded> {
  /** Set if it does not do what it should. */
  outcome?: string;
  /** What is still there of what should be gone, and rows in tables besides the entries'. */
  left?: { entries: number; bookkeeping: number };
}

interface Row {
  operation: WorkloadName;
  valueBytes: number;
  /** How many keys there are. */
  tree: number;
  /** That the operation is about. */
  keys: number;
  floor: Figures;
  stores: Record<string, Count>;
}

// What a scheduled function throws, convex-test writes here.
let lastError: unknown;
console.error = (_message: unknown, error: unknown) => (lastError = error);

const rows: Row[] = [];
for (const tree of isSmall ? trees.slice(0, 1) : trees) {
  const counts: Record<string, Map<WorkloadName, Count>> = {};
  for (const [name, store] of Object.entries(stores)) {
    counts[name] = await countAll(startApp(store), tree);
  }
  for (const operation of operationsOf(tree)) {
    rows.push({
      operation,
      valueBytes: tree.valueBytes,
      tree: tree.keys,
      keys: workloads[operation].keys(tree),
      floor: floorOf(operation, tree),
      stores: Object.fromEntries(
        Object.entries(counts).map(([store, each]) => [store, each.get(operation)!]),
      ),
    });
  }
}
console.log(JSON.stringify(rows));

async function countAll(app: App, tree: Tree): Promise<Map<WorkloadName, Count>> {
  await fillTree(app, tree);
  const counts = new Map<WorkloadName, Count>();
  for (const name of operationsOf(tree)) {
    if (name === "vacuum") await addExpired(app, tree);
    const count = await countOne(app, tree, workloads[name]);
    if (name === "vacuum") count.left = await countLeft(app, ([first]) => first === "expired");
    if (name === "deleteAll") count.left = await countLeft(app, ([first]) => first === PREFIX[0]);
    counts.set(name, count);
  }
  return counts;
}

function operationsOf({ operations }: Tree): WorkloadName[] {
  return operations ?? (Object.keys(workloads) as WorkloadName[]);
}

async function countOne(app: App, tree: Tree, workload: Workload): Promise<Count> {
  lastError = undefined;
  let outcome: string | undefined;
  const recorded = await record(async () => {
    try {
      outcome = (await workload.run(app, tree)) ?? undefined;
      if (lastError !== undefined) throw lastError;
    } catch (error) {
      outcome = messageOf(error);
    }
  });
  return {
    ...(recorded.figures.transactions > 0 && recorded),
    ...(outcome !== undefined && { outcome }),
  };
}

function messageOf(error: unknown): string {
  if (error instanceof ConvexError) return `refused: ${(error.data as { code: string }).code}`;
  return `fails: ${error instanceof Error ? error.message.replace(/[.(].*/s, "").trim() : error}`;
}
