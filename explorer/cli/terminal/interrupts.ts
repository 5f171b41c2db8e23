import { setTimeout } from "node:timers/promises";
import { INTERRUPTED } from "../failures.js";

/** Whether somebody wants the program to end. */
export interface Interrupts {
  /** Aborted with the first Ctrl-C (or SIGTERM). */
  signal: AbortSignal;
}

/**
 * Runs what takes long, and is told of a Ctrl-C so that it can end in good order and say what is
 * done. A second one ends the program at once, and so does the first anywhere else.
 */
export async function interruptibly<T>(run: (interrupts: Interrupts) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const onSignal = () => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    controller.abort();
  };
  for (const name of SIGNALS) process.on(name, onSignal);
  try {
    return await run({ signal: controller.signal });
  } finally {
    for (const name of SIGNALS) process.off(name, onSignal);
  }
}

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Waits so many milliseconds, or until the signal is aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
