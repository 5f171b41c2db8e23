type Metric = "bytesRead" | "documentsRead" | "documentsWritten" | "databaseQueries";

/** What a transaction has used of the platform's limits. */
export type Cost = Record<Metric, number>;

/** What `body` uses, as the platform tells within the transaction of `ctx`. */
export async function costOf(ctx: object, body: () => Promise<unknown>): Promise<Cost> {
  const before = await used(ctx);
  await body();
  const after = await used(ctx);
  return Object.fromEntries(
    Object.entries(after).map(([metric, value]) => [metric, value - before[metric as Metric]]),
  ) as Cost;
}

async function used(ctx: object): Promise<Cost> {
  const { meta } = ctx as {
    meta: { getTransactionMetrics(): Promise<Record<string, { used: number }>> };
  };
  const metrics = await meta.getTransactionMetrics();
  return Object.fromEntries(
    Object.entries(metrics).map(([metric, { used }]) => [metric, used]),
  ) as Cost;
}
