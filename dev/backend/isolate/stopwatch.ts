/**
 * Measures the time spent inside a context, in ms: without what the host does meanwhile, and without
 * what the machine spends on other programs, which would make a limit a matter of luck.
 */
export class Stopwatch {
  private total = 0;
  private since: { time: number; processor: number } | undefined;

  get elapsed(): number {
    if (!this.since) return this.total;
    const { time, processor } = this.since;
    // The processor's time is that of all threads: the collector's too.
    const spent = Math.min(performance.now() - time, processorTime() - processor);
    return this.total + spent;
  }

  start(): void {
    this.since ??= { time: performance.now(), processor: processorTime() };
  }

  stop(): void {
    this.total = this.elapsed;
    this.since = undefined;
  }

  /** Runs something of the host's, and does not count it. */
  outside<T>(work: () => T): T {
    const ran = this.since !== undefined;
    this.stop();
    try {
      return work();
    } finally {
      if (ran) this.start();
    }
  }
}

/** What this process has taken of the processors, in ms. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
