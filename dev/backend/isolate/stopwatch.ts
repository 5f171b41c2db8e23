/**
 * Measures the time that a context takes of the processor, in ms: without what the host does
 * meanwhile, and without what the machine does instead, so that a busy machine ends no call.
 */
export class Stopwatch {
  private total = 0;
  private since: Moment | undefined;

  get elapsed(): number {
    return this.total + (this.since === undefined ? 0 : passed(this.since));
  }

  start(): void {
    this.since ??= moment();
  }

  stop(): void {
    this.total = this.elapsed;
    this.since = undefined;
  }

  /** Begins anew. */
  reset(): void {
    this.stop();
    this.total = 0;
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

interface Moment {
  wall: number;
  processor: NodeJS.CpuUsage;
}

/**
 * What the processor has done is asked of the system, which takes as long as many a short run: so
 * not more often than this, in ms. What is shorter counts as it passes on the clock.
 */
const FINE = 0.2;
let asked: Moment = { wall: -Infinity, processor: { user: 0, system: 0 } };

function moment(): Moment {
  const wall = performance.now();
  if (wall - asked.wall >= FINE) asked = { wall, processor: process.cpuUsage() };
  return { wall, processor: asked.processor };
}

/**
 * The processor's time is the whole process's: V8's helpers work beside the code, and are not it.
 */
function passed(since: Moment): number {
  const wall = performance.now() - since.wall;
  if (wall < FINE) return wall;
  const { user, system } = process.cpuUsage(since.processor);
  return Math.min((user + system) / 1_000, wall);
}
