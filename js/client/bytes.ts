/** Whether a value is an ArrayBuffer. */
// Not instanceof: test runners give their tests an ArrayBuffer of another realm.
export function isBytes(value: unknown): value is ArrayBuffer {
  return Object.prototype.toString.call(value) === "[object ArrayBuffer]";
}
