/** Measures the time spent inside a context, in ms: without what the host does meanwhile. */
export class Stopwatch {
  private total = 0;
  private since: number | undefined;

  get elapsed(): number {
    return this.total + (this.since === undefined ? 0 : performance.now() - this.since);
  }

  start(): void {
    this.since ??= performance.now();
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
