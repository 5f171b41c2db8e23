// A function may have 1,000 operations under way: docs.convex.dev/production/state/limits

/** Documents that may be looked up at once. */
export const DOCUMENTS_AT_ONCE = 500;

/**
 * Rows that may be read, written or deleted at once with what their values live in: up to 13 each.
 */
export const ROWS_AT_ONCE = 64;

/** The results of `work` on each item, in order: `count` at once. */
export async function batchedMap<T, R>(
  count: number,
  items: readonly T[],
  work: (item: T, i: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let i = 0; i < items.length; i += count) {
    const batch = items.slice(i, i + count);
    results.push(...(await Promise.all(batch.map((item, j) => work(item, i + j)))));
  }
  return results;
}
