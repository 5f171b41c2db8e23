import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useConvex, useMutation } from "convex/react";
import { useEffect, useRef, useState } from "react";
import { Button, FileTrigger } from "react-aria-components";
import { parseKey } from "../../notation/path.js";
import { formatKey } from "../../notation/format.js";
import { api } from "../data/api.js";
import { brokenOff, forget, type ImportSettings, remember } from "../data/brokenOff.js";
import { messageOf } from "../data/errors.js";
import { useExplorer } from "../data/explorer.js";
import { importEntries, type ImportState, NOT_BEGUN } from "../data/importEntries.js";
import { Choice } from "../parts/Choice.js";
import { keyText } from "../parts/KeyView.js";
import { entriesText, formatCount, formatSize } from "../parts/numbers.js";
import { Progress } from "../parts/Progress.js";
import { Dialog } from "./Dialog.js";

interface Props {
  prefix: KeyPart[];
  onClose(): void;
}

const CONFLICTS = [
  { id: "skip", name: "Stay as they are" },
  { id: "overwrite", name: "Are overwritten" },
] as const;

type Phase = "ready" | "running" | "stopped" | "done";

/** Writes the entries of an NDJSON file. If it stops half-way, it can go on. */
export function ImportEntries({ prefix, onClose }: Props) {
  const place = `${useConvex().url} ${useExplorer().component}`;
  const write = useMutation(api.explorer.importEntries);
  const [file, setFile] = useState<File>();
  const [onConflict, setOnConflict] = useState<ImportSettings["onConflict"]>("skip");
  const [into, setInto] = useState("[]");
  const [state, setState] = useState<ImportState>(NOT_BEGUN);
  const [phase, setPhase] = useState<Phase>("ready");
  const [failure, setFailure] = useState<unknown>();
  const abort = useRef<AbortController>(null);
  useEffect(() => () => abort.current?.abort(), []);

  const choose = (chosen: File) => {
    const earlier = brokenOff(chosen, place);
    setFile(chosen);
    setFailure(undefined);
    setState(earlier?.state ?? NOT_BEGUN);
    setPhase(earlier ? "stopped" : "ready");
    setOnConflict(earlier?.settings.onConflict ?? onConflict);
    setInto(earlier?.settings.into ?? into);
  };
  const run = async (file: File, from: ImportState) => {
    const settings = { place, into, onConflict };
    const { signal } = (abort.current = new AbortController());
    setFailure(undefined);
    setState(from);
    setPhase("running");
    try {
      await importEntries(file, {
        from,
        into: parseKey(into),
        write: (entries) => write({ entries, onConflict }),
        onState: (state) => {
          remember(file, settings, state);
          setState(state);
        },
        signal,
      });
      forget();
      setPhase("done");
    } catch (error) {
      if (!signal.aborted) setFailure(error);
      setPhase("stopped");
    }
  };

  const isChosen = phase === "ready" || phase === "stopped";
  const hasBegun = state.line > 0;
  return (
    <Dialog title="Import" onClose={onClose} isKept={phase === "running"}>
      {isChosen && (
        <>
          <p>
            An NDJSON file: a line <code>{'{"key": […], "value": …}'}</code> for each entry, and
            maybe <code>metadata</code> and <code>expiresAt</code>.
          </p>
          <div className="file-field">
            <FileTrigger
              acceptedFileTypes={[".ndjson", ".jsonl"]}
              onSelect={(files) => files?.[0] && choose(files[0])}
            >
              <Button className="button">{file ? "Another file…" : "Choose a file…"}</Button>
            </FileTrigger>
            {file && (
              <span>
                {file.name}, {formatSize(file.size)}
              </span>
            )}
          </div>
        </>
      )}
      {phase === "ready" && (
        <div className="field-row">
          <div className="field">
            <span className="label">Entries that are there already</span>
            <Choice
              label="Entries that are there already"
              options={CONFLICTS}
              value={onConflict}
              onChange={(id) => setOnConflict(id)}
            />
          </div>
          {prefix.length > 0 && (
            <div className="field">
              <span className="label">Keys</span>
              <Choice
                label="Keys"
                options={[
                  { id: "[]", name: "As in the file" },
                  { id: formatKey(prefix), name: `Below ${keyText(prefix)}` },
                ]}
                value={into}
                onChange={setInto}
              />
            </div>
          )}
        </div>
      )}
      {phase === "stopped" && (
        <p role="status">
          {hasBegun
            ? `This import stopped behind line ${formatCount(state.line)}. What was written, stays.`
            : "This import stopped before anything was written."}
        </p>
      )}
      {file && phase !== "ready" && (
        <Standing state={state} file={file} isDone={phase === "done"} />
      )}
      {failure !== undefined && (
        <p className="field-error" role="alert">
          {messageOf(failure)}
        </p>
      )}
      <footer className="dialog-foot">
        {phase === "running" ? (
          <Button className="button" onPress={() => abort.current?.abort()} autoFocus>
            Stop
          </Button>
        ) : (
          <Button className="button" onPress={onClose}>
            {phase === "done" ? "Done" : "Close"}
          </Button>
        )}
        {phase === "stopped" && hasBegun && file && (
          <Button className="button" onPress={() => void run(file, NOT_BEGUN)}>
            Start over
          </Button>
        )}
        {isChosen && (
          <Button
            className="button button-main"
            isDisabled={!file}
            onPress={() => void run(file!, state)}
          >
            {hasBegun ? "Go on" : "Import"}
          </Button>
        )}
      </footer>
    </Dialog>
  );
}

/** How far it is, what became of the lines, and which were bad. */
function Standing({ state, file, isDone }: { state: ImportState; file: File; isDone: boolean }) {
  const { written, skipped, expired, bad, told } = state;
  return (
    <>
      <Progress
        label={isDone ? "Imported" : "Importing"}
        done={isDone ? file.size : Math.min(state.bytes, file.size)}
        total={file.size}
        format={formatSize}
      />
      <p role="status">
        {[
          `${entriesText(written)} written`,
          ...(skipped > 0 ? [`${formatCount(skipped)} there already`] : []),
          ...(expired > 0 ? [`${formatCount(expired)} expired`] : []),
          ...(bad > 0 ? [`${formatCount(bad)} ${bad === 1 ? "line" : "lines"} not imported`] : []),
        ].join(", ")}
      </p>
      {bad > 0 && (
        <ul className="bad-lines" aria-label="Lines not imported" tabIndex={0}>
          {told.map(({ line, message }) => (
            <li key={line}>
              <strong>Line {formatCount(line)}</strong>: {message}
            </li>
          ))}
          {bad > told.length && <li>And {formatCount(bad - told.length)} more.</li>}
        </ul>
      )}
    </>
  );
}
