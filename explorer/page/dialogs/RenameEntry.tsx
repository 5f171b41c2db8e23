import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { useState } from "react";
import { Button, Form } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { tell } from "../parts/toasts.js";
import { Dialog } from "./Dialog.js";
import { KeyBuilder } from "./KeyBuilder.js";
import { draftOf, keyOf } from "./keyDraft.js";

interface Props {
  entryKey: KeyPart[];
  /** The version that is shown. */
  version: string;
  onClose(): void;
  onRenamed(key: KeyPart[]): void;
}

const REFUSALS = {
  taken: "There is an entry at this key already.",
  changed: "The entry has changed meanwhile. It is shown as it is now: rename it again.",
};

/** Gives an entry another key. */
export function RenameEntry({ entryKey, version, onClose, onRenamed }: Props) {
  const [parts, setParts] = useState(() => entryKey.map(draftOf));
  const [isChecked, setIsChecked] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  const rename = useMutation(api.explorer.rename);

  const submit = async () => {
    setIsChecked(true);
    const to = keyOf(parts);
    if (!to) return;
    setIsBusy(true);
    setError(undefined);
    try {
      const result = await rename({ from: entryKey, to, version });
      if (result === "renamed") {
        tell("Entry renamed");
        onRenamed(to);
        return;
      }
      setError(REFUSALS[result]);
    } catch (error) {
      setError(messageOf(error));
    }
    setIsBusy(false);
  };

  return (
    <Dialog title="Rename the entry" onClose={onClose}>
      <Form
        validationBehavior="aria"
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p>Its value, metadata and expiry stay the same. Entries below it stay where they are.</p>
        <KeyBuilder parts={parts} onChange={setParts} isChecked={isChecked} />
        {error && (
          <p className="field-error" role="alert">
            {error}
          </p>
        )}
        <footer className="dialog-foot">
          <Button className="button" onPress={onClose}>
            Cancel
          </Button>
          <Button className="button button-main" type="submit" isPending={isBusy}>
            Rename
          </Button>
        </footer>
      </Form>
    </Dialog>
  );
}
