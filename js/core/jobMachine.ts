import { failure } from "./failure.js";
import { planInstance } from "./instance.js";
import { messageToJson } from "./messages.js";
import { sendText, takeText } from "./output.js";

/** What the protocol of background work knows of a job (src/convex_kv/jobs/job_machine.hpp). */
export interface JobState {
  step: number;
  failures: number;
  /** In ms since the Unix epoch. */
  leaseUntil: number;
}

/** What happens to a job, as src/convex_kv/messages/job_message.hpp lists it. */
export type JobEvent =
  | { event: "started"; latestEpoch?: number | undefined }
  | { event: "batchDue"; step: number }
  | { event: "batchEnded"; hasMore: boolean; hasFailed: boolean; isSweep: boolean }
  | { event: "watchDue"; failures: number }
  | { event: "watchSeen"; due: number; isPending: boolean }
  | { event: "jobSeen"; isWatchPending: boolean }
  | { event: "replaced" };

/** What is to be done about it, in this order. */
export interface JobActions {
  epoch?: number;
  save?: JobState;
  runsBatch?: true;
  schedulesBatch?: true;
  watchAt?: number;
  readsJob?: true;
  dropsWatch?: true;
  end?: "done" | "failed" | "replaced";
  movesWatermark?: true;
}

/** What becomes of `job` (null: there is none) at `now`, in ms since the Unix epoch. */
export function jobActions(job: JobState | null, event: JobEvent, now: number): JobActions {
  const core = planInstance();
  const state = job && { step: job.step, failures: job.failures, leaseUntil: job.leaseUntil };
  const question = messageToJson({ ...event, now, job: state });
  const output = core.jobActions(sendText(core, question));
  const answer = JSON.parse(takeText(core, output)) as JobActions & Partial<Refusal>;
  if (answer.step === "error") throw failure(answer.code!, answer.message!);
  return answer;
}

interface Refusal {
  step: "error";
  code: string;
  message: string;
}
