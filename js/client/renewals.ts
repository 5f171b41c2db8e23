/** A lease that is renewed while something is done. */
export interface Renewals {
  /** Whether it is certainly held still. */
  isHeld(): boolean;
  /** Renews it no more. */
  stop(): Promise<void>;
}

/** A lease that has been taken. */
interface Taken {
  /** Its ttl, in milliseconds. */
  ttl: number;
  /** When it was asked for, by the clock of this machine: no later than it was taken. */
  since: number;
  /** Renews it, for another `ttl`. false: it cannot be renewed any more. */
  renew(): Promise<boolean>;
}

/**
 * Renews a lease at every third of its ttl. Only the time between two moments of this machine's
 * clock counts, so it does not matter whether the clock is right.
 */
export function keepRenewed({ ttl, since, renew }: Taken): Renewals {
  let heldUntil = since + ttl;
  let isOver = false;
  let wake = () => {};
  const pause = () =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ttl / 3);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  // Not in the timers' own callbacks: convex-test knows by what is awaited whose call it is.
  const renewing = async () => {
    for (await pause(); !isOver; await pause()) {
      const at = Date.now();
      try {
        if (!(await renew())) {
          heldUntil = -Infinity;
          return;
        }
        heldUntil = at + ttl;
      } catch {
        // A call may fail once: there is time for another.
      }
      if (isOver) return;
    }
  };
  const ended = renewing();
  return {
    isHeld: () => Date.now() < heldUntil,
    stop: async () => {
      isOver = true;
      wake();
      await ended;
    },
  };
}
