import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// What transactions use, told by convex-test's own meter as each ends: of whoever began it, the
// background too. The meter is not exported, so this reaches into the package, whose version is
// pinned.

/** What counts against a transaction's limits. */
export const LIMITED = [
  "documentsRead",
  "documentsWritten",
  "bytesRead",
  "bytesWritten",
  "databaseQueries",
  "functionsScheduled",
] as const;
export type Limited = (typeof LIMITED)[number];
export type Usage = Record<Limited, number>;

export interface Figures extends Usage {
  transactions: number;
  /** Of functions: the app's, the component's that it calls, and those that are scheduled. */
  calls: number;
}

export interface Recorded {
  figures: Figures;
  /** The most of each that one transaction used. */
  most: Usage;
}

interface Meter {
  _layers: { enforce: boolean }[];
  startTransaction(limits: unknown): void;
  commit(): void;
  rollback(): void;
  getTransactionMetrics(): Record<Limited, { used: number }>;
}

const main = createRequire(import.meta.url).resolve("convex-test");
const file = pathToFileURL(join(dirname(main), "transactionMetrics.js")).href;
const { TransactionMetricsTracker } = (await import(file)) as {
  TransactionMetricsTracker: { prototype: Meter };
};
const meter = TransactionMetricsTracker.prototype;
const { startTransaction, commit, rollback } = meter;

let recorded: { usage: Usage; calls: number }[] | undefined;
let isLimited = true;
let calls = 0;

meter.startTransaction = function (limits) {
  if (this._layers.length === 0) calls = 0;
  calls++;
  startTransaction.call(this, limits);
  if (!isLimited) this._layers.at(-1)!.enforce = false;
};
meter.commit = function () {
  note(this);
  commit.call(this);
};
meter.rollback = function () {
  note(this);
  rollback.call(this);
};

function note(meter: Meter): void {
  if (!recorded || meter._layers.length !== 1) return;
  const metrics = meter.getTransactionMetrics();
  const usage = usageOf((name) => metrics[name].used);
  // convex-test keeps its record of scheduled functions in transactions that use nothing.
  if (LIMITED.some((name) => usage[name] > 0)) recorded.push({ usage, calls });
}

/** What `work` uses, whether it ends well or not. */
export async function record(work: () => Promise<void>): Promise<Recorded> {
  const each = (recorded = []) as NonNullable<typeof recorded>;
  try {
    await work();
  } finally {
    recorded = undefined;
  }
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  return {
    figures: {
      transactions: each.length,
      calls: sum(each.map(({ calls }) => calls)),
      ...usageOf((name) => sum(each.map(({ usage }) => usage[name]))),
    },
    most: usageOf((name) => Math.max(0, ...each.map(({ usage }) => usage[name]))),
  };
}

/** Lets `work`, which prepares a measurement or looks at its result, do what no transaction may. */
export async function withoutLimits<T>(work: () => Promise<T>): Promise<T> {
  isLimited = false;
  try {
    return await work();
  } finally {
    isLimited = true;
  }
}

export function usageOf(value: (name: Limited) => number): Usage {
  return Object.fromEntries(LIMITED.map((name) => [name, value(name)])) as Usage;
}
