import type { Job } from "@hamzasaleemorg/convex-kv";
import { formatCount } from "../page/parts/numbers.js";
import { Failure, Interruption } from "./failures.js";
import type { Session } from "./session.js";
import { interruptibly, pause } from "./terminal/interrupts.js";
import { showProgress } from "./terminal/progress.js";

const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;

/**
 * Waits until work in the background has ended. Throws a Failure if it failed, and an Interruption
 * after Ctrl-C: the work goes on then.
 *
 * @param label What goes on: "Deleting".
 * @param total How many entries it has to do with, with those of the call that started it;
 * undefined: nobody knows.
 * @returns The job; null if it is so old that nothing is known of it.
 */
export async function waitForJob(
  { ctx, store }: Session,
  id: string,
  label: string,
  total?: number,
): Promise<Job | null> {
  return await interruptibly(async ({ signal }) => {
    const progress = showProgress(label, total);
    try {
      for (let wait = FIRST_PAUSE; ; wait = Math.min(wait * 2, LONGEST_PAUSE)) {
        const job = await store.job(ctx, id);
        if (job?.state !== "running") return ended(job);
        const done = job.deleted + job.transferred + job.skipped;
        const of = total === undefined ? "so far" : `of ${formatCount(total)}`;
        progress.update(done, `${formatCount(done)} ${of}`);
        await pause(wait, signal);
        if (signal.aborted) {
          throw new Interruption(`Job ${id} goes on in the background: see jobs.`);
        }
      }
    } finally {
      progress.stop();
    }
  });
}

function ended(job: Job | null): Job | null {
  if (job?.state === "failed") {
    throw new Failure(`The job failed: ${job.error.message} What it did stays done.`);
  }
  return job;
}
