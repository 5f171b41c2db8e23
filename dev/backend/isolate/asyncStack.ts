// Node.js before 24 keeps a stack of asynchronous contexts. If a microtask is stopped because its
// time is up, its entry stays behind (nodejs/node#38503), and the process ends on a failed
// assertion soon after. Nothing public takes the entry off; the internal that does is gone in
// versions that leave nothing behind.

interface AsyncWrap {
  async_hook_fields: Uint32Array;
  /** The id of the asynchronous context on top comes first. */
  async_id_fields: Float64Array;
  constants: { kStackLength: number };
  popAsyncContext(asyncId: number): boolean;
}

const asyncWrap = internals();

/** Runs `work`, and takes off the stack what it left there. */
export function keepingAsyncStack<T>(work: () => T): T {
  const depth = stackLength();
  try {
    return work();
  } finally {
    while (stackLength() > depth) asyncWrap!.popAsyncContext(asyncWrap!.async_id_fields[0]!);
  }
}

function stackLength(): number {
  return asyncWrap?.async_hook_fields[asyncWrap.constants.kStackLength] ?? 0;
}

function internals(): AsyncWrap | undefined {
  const { binding } = process as unknown as { binding(name: string): AsyncWrap };
  try {
    return binding("async_wrap");
  } catch {
    return undefined;
  }
}
