import { Cron } from "croner";
import type { JSONValue } from "convex/values";
import type { CronSchedule, Deployment } from "./deployment.js";
import type { FunctionPath } from "./engine/engine.js";
import { setLongTimeout } from "./longTimeout.js";

type Run = (path: FunctionPath, args: JSONValue) => Promise<void>;

/**
 * Runs the crons of what is deployed. One never overlaps itself: runs that are due meanwhile are
 * skipped.
 */
export class Crons {
  private jobs: { stop(): void }[] = [];
  private readonly running = new Set<Promise<void>>();

  constructor(private readonly run: Run) {}

  replace({ components }: Deployment): void {
    for (const job of this.jobs) job.stop();
    this.jobs = [...components.values()].flatMap(({ path, crons }) =>
      crons.map((cron) =>
        start(cron.schedule, () => {
          const run = this.run({ component: path, name: cron.function }, cron.args);
          this.running.add(run);
          return run.finally(() => this.running.delete(run));
        }),
      ),
    );
  }

  async settle(): Promise<void> {
    await Promise.all(this.running);
  }
}

function start(schedule: CronSchedule, run: () => Promise<void>): { stop(): void } {
  if (schedule.type === "interval") return startInterval(schedule.seconds * 1000, run);
  return new Cron(patternOf(schedule), { timezone: "UTC", protect: true, catch: true }, run);
}

function startInterval(period: number, run: () => Promise<void>): { stop(): void } {
  let isRunning = false;
  let cancel: () => void;
  const wait = () => {
    cancel = setLongTimeout(tick, period);
  };
  const tick = () => {
    wait();
    if (isRunning) return;
    isRunning = true;
    void run().finally(() => (isRunning = false));
  };
  wait();
  return { stop: () => cancel() };
}

/** Minute, hour, day of the month, month, day of the week. */
function patternOf(schedule: Exclude<CronSchedule, { type: "interval" }>): string {
  if (schedule.type === "cron") return schedule.cron;
  const minute = schedule.minuteUTC ?? 0;
  switch (schedule.type) {
    case "hourly":
      return `${minute} * * * *`;
    case "daily":
      return `${minute} ${schedule.hourUTC} * * *`;
    case "weekly":
      return `${minute} ${schedule.hourUTC} * * ${schedule.dayOfWeek.slice(0, 3)}`;
    case "monthly":
      return `${minute} ${schedule.hourUTC} ${schedule.day} * *`;
  }
}
