import { useSyncExternalStore } from "react";
import { deploymentNow } from "./clock.js";

// One clock for all that counts down. It runs while a component uses it.

const listeners = new Set<() => void>();
let now = deploymentNow();
let timer: ReturnType<typeof setInterval> | undefined;

function tick(): void {
  now = deploymentNow();
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  if (listeners.size === 1) {
    now = deploymentNow();
    timer = setInterval(tick, 1000);
  }
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) clearInterval(timer);
  };
}

/** The deployment's time in ms since 1970, to the second. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => now);
}
