import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { useCountAll } from "../data/useCountAll.js";
import { useLive } from "../data/useLive.js";
import { KeyView } from "../parts/KeyView.js";
import { entriesText, formatCount } from "../parts/numbers.js";
import { Progress } from "../parts/Progress.js";
import { Dialog } from "./Dialog.js";

interface Props {
  prefix: KeyPart[];
  onClose(): void;
}

type Deletion = (typeof api.explorer.removeAll)["_returnType"];

/** Deletes all at and below a prefix: says first how many that is, and then how far it is. */
export function DeleteTree({ prefix, onClose }: Props) {
  const [deletion, setDeletion] = useState<Deletion>();
  const [total, setTotal] = useState(0);
  const start = (count: number, result: Deletion) => {
    setTotal(count);
    setDeletion(result);
  };
  return (
    <Dialog
      title={deletion ? "Deleting" : "Delete all of this?"}
      role="alertdialog"
      onClose={onClose}
    >
      {deletion ? (
        <DeletionProgress deletion={deletion} total={total} onClose={onClose} />
      ) : (
        <Question prefix={prefix} onClose={onClose} onStart={start} />
      )}
    </Dialog>
  );
}

interface QuestionProps extends Props {
  onStart(count: number, result: Deletion): void;
}

function Question({ prefix, onClose, onStart }: QuestionProps) {
  const { count, isDone, error } = useCountAll(prefix);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const removeAll = useMutation(api.explorer.removeAll);
  const remove = async () => {
    setIsBusy(true);
    try {
      onStart(count, await removeAll({ prefix }));
    } catch (error) {
      setFailure(error);
      setIsBusy(false);
    }
  };
  return (
    <>
      <p>
        {prefix.length === 0 ? (
          "The whole store, "
        ) : (
          <>
            Everything at and below <KeyView parts={prefix} />,{" "}
          </>
        )}
        <strong role="status">{isDone ? entriesText(count) : `${formatCount(count)} …`}</strong>. It
        cannot be undone.
      </p>
      {(failure ?? error) !== undefined && (
        <p className="field-error" role="alert">
          {messageOf(failure ?? error)}
        </p>
      )}
      <footer className="dialog-foot">
        <Button className="button" onPress={onClose} autoFocus>
          Cancel
        </Button>
        <Button
          className="button button-danger"
          isDisabled={!isDone}
          isPending={isBusy}
          onPress={() => void remove()}
        >
          {isDone ? `Delete ${entriesText(count)}` : "Counting…"}
        </Button>
      </footer>
    </>
  );
}

interface ProgressProps {
  deletion: Deletion;
  total: number;
  onClose(): void;
}

function DeletionProgress({ deletion, total, onClose }: ProgressProps) {
  const { jobId, deletedCount } = deletion;
  const job = useLive(api.explorer.job, jobId === undefined ? "skip" : { jobId });
  const isDone = jobId === undefined || (job.data !== undefined && job.data?.state !== "running");
  const deleted = Math.max(deletedCount, job.data?.deleted ?? 0);
  return (
    <>
      <Progress
        label={isDone ? "Deleted" : "Deleting in the background"}
        done={deleted}
        total={isDone ? deleted : Math.max(total, deleted)}
      />
      <footer className="dialog-foot">
        {!isDone && <span className="quiet">It goes on if you close this.</span>}
        <Button className="button button-main" onPress={onClose} autoFocus>
          {isDone ? "Done" : "Close"}
        </Button>
      </footer>
    </>
  );
}
