import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useConvex } from "convex/react";
import { useEffect, useRef, useState } from "react";
import { Button } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { exportEntries } from "../data/exportEntries.js";
import { saveFile } from "../data/saveFile.js";
import { useCountAll } from "../data/useCountAll.js";
import { Choice } from "../parts/Choice.js";
import { KeyView, keyText } from "../parts/KeyView.js";
import { entriesText, formatCount } from "../parts/numbers.js";
import { Progress } from "../parts/Progress.js";
import { Dialog } from "./Dialog.js";

interface Props {
  prefix: KeyPart[];
  onClose(): void;
}

const KEYS = [
  { id: "whole", name: "Whole" },
  { id: "relative", name: "Without what is above" },
] as const;

/** Saves all at and below a prefix as NDJSON. */
export function ExportTree({ prefix, onClose }: Props) {
  const convex = useConvex();
  const { count: total, isDone: isCounted } = useCountAll(prefix);
  const [keys, setKeys] = useState<(typeof KEYS)[number]["id"]>("whole");
  const [count, setCount] = useState<number>();
  const [isDone, setIsDone] = useState(false);
  const [failure, setFailure] = useState<unknown>();
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const start = async () => {
    setFailure(undefined);
    const { signal } = (abort.current = new AbortController());
    try {
      const file = await saveFile(`${fileName(prefix)}.ndjson`);
      if (!file) return;
      setCount(0);
      await exportEntries(file, {
        prefix,
        isRelative: keys === "relative",
        readPage: (args) => convex.query(api.explorer.entries, args),
        onProgress: setCount,
        signal,
      });
      setIsDone(true);
    } catch (error) {
      if (signal.aborted) return;
      setFailure(error);
      setCount(undefined);
    }
  };

  return (
    <Dialog title="Export" onClose={onClose} isKept={count !== undefined && !isDone}>
      <p>
        {prefix.length === 0 ? (
          "The whole store, "
        ) : (
          <>
            Everything at and below <KeyView parts={prefix} />,{" "}
          </>
        )}
        <strong role="status">{isCounted ? entriesText(total) : `${formatCount(total)} …`}</strong>,
        as NDJSON: a line of JSON for each.
      </p>
      {prefix.length > 0 && count === undefined && (
        <div className="field">
          <span className="label">Keys</span>
          <Choice label="Keys" options={KEYS} value={keys} onChange={(id) => setKeys(id)} />
        </div>
      )}
      {count !== undefined && (
        <Progress
          label={isDone ? "Exported" : "Exporting"}
          done={count}
          total={isDone ? count : Math.max(total, count)}
        />
      )}
      {failure !== undefined && (
        <p className="field-error" role="alert">
          {messageOf(failure)}
        </p>
      )}
      <footer className="dialog-foot">
        <Button className="button" onPress={onClose}>
          {isDone ? "Done" : count === undefined ? "Cancel" : "Stop"}
        </Button>
        {count === undefined && (
          <Button className="button button-main" onPress={() => void start()}>
            Export
          </Button>
        )}
      </footer>
    </Dialog>
  );
}

/** A file name that says what is in the file. */
function fileName(prefix: KeyPart[]): string {
  const name = keyText(prefix)
    .replace(/[^\p{L}\p{N}._-]+/gu, "-")
    .replace(/^[-.]+|-+$/g, "")
    .slice(0, 80);
  return name || "store";
}
