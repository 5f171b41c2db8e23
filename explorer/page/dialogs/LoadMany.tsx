import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { useState } from "react";
import { Button } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { entriesText } from "../parts/numbers.js";
import { Progress } from "../parts/Progress.js";
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
      {written !== undefined && <Progress label="Writing" done={written} total={TOTAL} />}
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
