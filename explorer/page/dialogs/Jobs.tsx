import type { KeyPart, ListedJob } from "@hamzasaleemorg/convex-kv";
import { useState } from "react";
import { Button } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { useLive } from "../data/useLive.js";
import { History } from "../parts/icons.js";
import { KeyView } from "../parts/KeyView.js";
import { Notice } from "../parts/Notice.js";
import { formatCount } from "../parts/numbers.js";
import { TimeAgo } from "../parts/TimeLeft.js";
import { Dialog } from "./Dialog.js";

/** How many are shown at first, and more each time that more are asked for. */
const STEP = 20;

/** What goes on in the background, live, and what ended within a day. */
export function Jobs({ onClose }: { onClose(): void }) {
  const [limit, setLimit] = useState(STEP);
  const { data, error } = useLive(api.explorer.jobs, { limit });
  return (
    <Dialog title="Jobs" onClose={onClose}>
      {error ? (
        <p className="field-error" role="alert">
          {messageOf(error)}
        </p>
      ) : data?.jobs.length === 0 ? (
        <Notice icon={History} title="No jobs">
          Work that is too much for one call goes on in the background. Nothing does, and nothing
          did within a day.
        </Notice>
      ) : (
        <ul className="jobs" aria-label="Jobs" aria-busy={data === undefined}>
          {data?.jobs.map((job) => (
            <JobView key={job.id} job={job as ListedJob} />
          ))}
        </ul>
      )}
      <footer className="dialog-foot">
        {data && !data.isDone && (
          <Button className="button" onPress={() => setLimit(limit + STEP)}>
            Show more
          </Button>
        )}
        <Button className="button button-main" onPress={onClose} autoFocus>
          Close
        </Button>
      </footer>
    </Dialog>
  );
}

const NAMES: Record<ListedJob["kind"], string> = {
  delete: "Deletion in",
  move: "Move of",
  copy: "Copy of",
  sweep: "Deletion of what has expired in",
  timer: "Deletion of what expires exactly in",
  migrate: "Migration from version 1 of",
  count: "Count of",
};

function JobView({ job }: { job: ListedJob }) {
  const { kind, state, prefixes, failures, error } = job;
  const [from, to] = prefixes as [KeyPart[], KeyPart[]?];
  return (
    <li className="job">
      <div className="job-head">
        <span>
          {NAMES[kind]} <PrefixView prefix={from} />
          {to && (
            <>
              {" "}
              to <PrefixView prefix={to} />
            </>
          )}
        </span>
        <span className="job-state" data-state={state}>
          {state}
        </span>
      </div>
      <p className="quiet">
        {countsOf(job)} ·{" "}
        {job.endedAt === undefined ? (
          <>
            begun <TimeAgo time={job.startedAt} />
          </>
        ) : (
          <>
            ended <TimeAgo time={job.endedAt} />
          </>
        )}
      </p>
      {failures > 0 && (
        <p className="field-error">
          {failures === 1 ? "The last attempt failed." : `The last ${failures} attempts failed.`} It
          tries again, with less at a time.
        </p>
      )}
      {error && <p className="field-error">{error.message}</p>}
    </li>
  );
}

function PrefixView({ prefix }: { prefix: KeyPart[] }) {
  return prefix.length === 0 ? "the whole store" : <KeyView parts={prefix} />;
}

const PARTICIPLES: Partial<Record<ListedJob["kind"], string>> = {
  move: "moved",
  copy: "copied",
  migrate: "migrated",
  count: "counted",
};

function countsOf({ kind, deleted, transferred, skipped }: ListedJob): string {
  const participle = PARTICIPLES[kind];
  const done = participle
    ? `${formatCount(transferred)} ${participle}`
    : `${formatCount(deleted)} deleted`;
  return skipped > 0 ? `${done}, ${formatCount(skipped)} stayed` : done;
}
