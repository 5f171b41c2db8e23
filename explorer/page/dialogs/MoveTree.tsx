import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { useCountAll } from "../data/useCountAll.js";
import { useLive } from "../data/useLive.js";
import { Choice } from "../parts/Choice.js";
import { KeyView } from "../parts/KeyView.js";
import { entriesText, formatCount } from "../parts/numbers.js";
import { Progress } from "../parts/Progress.js";
import { Dialog } from "./Dialog.js";
import { KeyBuilder } from "./KeyBuilder.js";
import { draftOf, keyOf } from "./keyDraft.js";

type Kind = "move" | "copy";

interface Props {
  kind: Kind;
  prefix: KeyPart[];
  onClose(): void;
  /** Shows what is below another prefix. */
  onShow(prefix: KeyPart[]): void;
}

const CONFLICTS = [
  { id: "error", name: "Nothing is done" },
  { id: "skip", name: "It stays, and so does the other" },
  { id: "overwrite", name: "It is overwritten" },
] as const;

const WORDS = {
  move: { title: "Move", doing: "Moving", done: "Moved" },
  copy: { title: "Copy", doing: "Copying", done: "Copied" },
};

type Transfer = (typeof api.explorer.transfer)["_returnType"];

/** Moves or copies all at and below a prefix, and shows how far it is. */
export function MoveTree({ kind, prefix, onClose, onShow }: Props) {
  const { count: total, isDone: isCounted } = useCountAll(prefix);
  const [parts, setParts] = useState(() => prefix.map(draftOf));
  const [onConflict, setOnConflict] = useState<(typeof CONFLICTS)[number]["id"]>("error");
  const [isChecked, setIsChecked] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const [begun, setBegun] = useState<{ to: KeyPart[]; transfer: Transfer; total: number }>();
  const transfer = useMutation(api.explorer.transfer);
  const { title, done } = WORDS[kind];

  const submit = async () => {
    setIsChecked(true);
    const to = keyOf(parts);
    if (!to) return;
    setIsBusy(true);
    setFailure(undefined);
    try {
      const result = await transfer({ kind, from: prefix, to, onConflict });
      setBegun({ to, transfer: result, total });
    } catch (error) {
      setFailure(error);
    }
    setIsBusy(false);
  };

  if (begun) {
    return (
      <Dialog title={title} onClose={onClose}>
        <TransferProgress kind={kind} {...begun} onClose={onClose} onShow={onShow} />
      </Dialog>
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <Form
        validationBehavior="aria"
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>
          Everything at and below <KeyView parts={prefix} />,{" "}
          <strong role="status">
            {isCounted ? entriesText(total) : `${formatCount(total)} …`}
          </strong>
          , as it is.
        </p>
        <KeyBuilder parts={parts} onChange={setParts} isChecked={isChecked} label="To" />
        <div className="field">
          <span className="label">If an entry is in the way</span>
          <Choice
            label="If an entry is in the way"
            options={CONFLICTS}
            value={onConflict}
            onChange={(id) => setOnConflict(id)}
          />
        </div>
        {failure !== undefined && (
          <p className="field-error" role="alert">
            {messageOf(failure)}
          </p>
        )}
        <footer className="dialog-foot">
          <Button className="button" onPress={onClose}>
            Cancel
          </Button>
          <Button className="button button-main" type="submit" isPending={isBusy}>
            {done === "Moved" ? "Move" : "Copy"}
          </Button>
        </footer>
      </Form>
    </Dialog>
  );
}

interface ProgressProps extends Omit<Props, "prefix"> {
  to: KeyPart[];
  transfer: Transfer;
  total: number;
}

function TransferProgress({ kind, to, transfer, total, onClose, onShow }: ProgressProps) {
  const { jobId, count, skippedCount } = transfer;
  const { data: job } = useLive(api.explorer.job, jobId === undefined ? "skip" : { jobId });
  const transferred = Math.max(count, job?.transferred ?? 0);
  const skipped = Math.max(skippedCount, job?.skipped ?? 0);
  const isDone = jobId === undefined || (job !== undefined && job?.state !== "running");
  const { doing, done } = WORDS[kind];
  return (
    <>
      <Progress
        label={isDone ? done : `${doing} in the background`}
        done={transferred}
        total={isDone ? transferred : Math.max(total - skipped, transferred)}
      />
      {skipped > 0 && (
        <p role="status">{entriesText(skipped)} stayed, since others were in the way.</p>
      )}
      {job?.state === "failed" && (
        <p className="field-error" role="alert">
          It cannot go on: {job.error.message} What was done, stays.
        </p>
      )}
      <footer className="dialog-foot">
        {!isDone && <span className="quiet">It goes on if you close this.</span>}
        <Button className="button" onPress={() => onShow(to)}>
          Show
        </Button>
        <Button className="button button-main" onPress={onClose} autoFocus>
          {isDone ? "Done" : "Close"}
        </Button>
      </footer>
    </>
  );
}
