import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// convex-test counts what a transaction reads when it hands a row out. Rows are fetched ahead here,
// and must count, and meet the limits, when they are read. Its meter is not exported, so this
// reaches into the package, whose version is pinned.

interface Meter {
  trackRead(bytes: number): void;
}

const main = createRequire(import.meta.url).resolve("convex-test");
const file = pathToFileURL(join(dirname(main), "transactionMetrics.js")).href;
const { TransactionMetricsTracker } = (await import(file)) as {
  TransactionMetricsTracker: { prototype: Meter };
};
const meter = TransactionMetricsTracker.prototype;
const trackRead = meter.trackRead;

let postponed: (() => void)[] | undefined;

meter.trackRead = function (bytes) {
  if (postponed) postponed.push(() => trackRead.call(this, bytes));
  else trackRead.call(this, bytes);
};

/**
 * Runs `read`, and does not count what it reads synchronously.
 *
 * @returns Also `count`, which counts it. Throws if that is more than the transaction may read.
 */
export function uncounted<T>(read: () => T): { result: T; count: () => void } {
  const reads: (() => void)[] = [];
  postponed = reads;
  try {
    return { result: read(), count: () => reads.splice(0).forEach((count) => count()) };
  } finally {
    postponed = undefined;
  }
}
