import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { useState } from "react";
import { Button, Label, ProgressBar } from "react-aria-components";
import { api } from "../../convex/_generated/api.js";
import { messageOf } from "../data/errors.js";
import { entriesText, formatCount } from "../parts/numbers.js";
import { Dialog } from "./Dialog.js";

const PREFIX: KeyPart[] = ["many"];
const TOTAL = 20_000;
/** One mutation's share. */
const BATCH = 500;

/** Writes thousands of entries, to see how the explorer and the store do with them. */
export function LoadMany({ onClose }: { onClose(): void }) {
  const [written, setWritten] = useState<number>();
  const [failure, setFailure] = useState<unknown>();
  const loadMany = useMutation(api.explorer.loadMany);
  const start = async () => {
    setFailure(undefined);
    try {
      for (let from = 0; from < TOTAL; from += BATCH) {
        setWritten(from);
        await loadMany({ prefix: PREFIX, from, count: BATCH });
      }
      setWritten(TOTAL);
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Dialog title="Load many entries" onClose={onClose}>
      <p>
        Writes {entriesText(TOTAL)} below <code>many</code>, {BATCH} in a mutation. This takes a
        while on the local backend.
      </p>
      {written !== undefined && (
        <ProgressBar className="progress" value={written} maxValue={TOTAL}>
          {({ percentage = 0 }) => (
            <>
              <div className="progress-text">
                <Label>Writing</Label>
                <span>
                  {formatCount(written)} of {formatCount(TOTAL)}
                </span>
              </div>
              <div className="progress-track">
                <div className="progress-fill" style={{ width: `${percentage}%` }} />
              </div>
            </>
          )}
        </ProgressBar>
      )}
      {failure !== undefined && (
        <p className="field-error" role="alert">
          {messageOf(failure)}
        </p>
      )}
      <footer className="dialog-foot">
        <Button className="button" onPress={onClose}>
          {written === TOTAL ? "Done" : "Close"}
        </Button>
        {written === undefined && (
          <Button className="button button-main" onPress={() => void start()}>
            Write {entriesText(TOTAL)}
          </Button>
        )}
      </footer>
    </Dialog>
  );
}
