import { useEffect, useSyncExternalStore } from "react";
import { deploymentNow } from "./clock.js";

// Time that passes does not run a query again. So if an entry that is on the page expires, all
// queries are made anew, with the time as `asOf`.

let asOf: number | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** When something on the page last expired; undefined: nothing did yet. */
export function useAsOf(): number | undefined {
  return useSyncExternalStore(subscribe, () => asOf);
}

/** In ms. A timer of weeks would go off at once: `setTimeout` counts in 31 bits. */
const LONGEST_TIMER = 24 * 60 * 60_000;

/** Says when the entries that are shown expire. */
export function useExpiries(times: (number | undefined)[]): void {
  const last = useAsOf() ?? 0;
  const next = Math.min(...times.filter((time) => time !== undefined && time > last).map(Number));
  useEffect(() => {
    if (!Number.isFinite(next)) return;
    const wait = () => setTimeout(look, Math.min(next - deploymentNow() + 1, LONGEST_TIMER));
    const look = () => {
      if (deploymentNow() < next) {
        timer = wait();
        return;
      }
      asOf = Math.max(deploymentNow(), asOf ?? 0);
      for (const listener of listeners) listener();
    };
    let timer = wait();
    return () => clearTimeout(timer);
  }, [next]);
}
