/**
 * Whether the result of a query is why there is none. Values of a store are never errors. Not
 * instanceof: a test's page may have another realm.
 */
export function isError(result: unknown): result is Error {
  return Object.prototype.toString.call(result) === "[object Error]";
}
