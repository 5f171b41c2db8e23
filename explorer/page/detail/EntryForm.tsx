import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { getConvexSize, type Value } from "convex/values";
import { useId, useState } from "react";
import { Button } from "react-aria-components";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { useExplorer } from "../data/explorer.js";
import { formatValue } from "../../notation/format.js";
import { parseValue } from "../../notation/parse.js";
import { Editor } from "../parts/Editor.js";
import { formatSize, formatTime } from "../parts/numbers.js";
import { TimeAgo } from "../parts/TimeLeft.js";
import { tell, tellError } from "../parts/toasts.js";
import { Expiry } from "./Expiry.js";
import { Save, Trash2, Undo2 } from "../parts/icons.js";

type Entry = NonNullable<(typeof api.explorer.entry)["_returnType"]>;

interface Props {
  entryKey: KeyPart[];
  entry: Entry;
  onDeleted(): void;
}

/** What was typed, and over which version. */
interface Draft {
  version: string;
  value: string;
  metadata: string;
}

function draftOf({ version, value, metadata }: Entry): Draft {
  return {
    version,
    value: formatValue(value as Value),
    metadata: metadata === undefined ? "" : formatValue(metadata as Value),
  };
}

type Errors = Partial<Record<"value" | "metadata", string>>;

/** The value and metadata, to be read and edited, and what else there is to know. */
export function EntryForm({ entryKey, entry, onDeleted }: Props) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(entry));
  const [base, setBase] = useState(draft);
  const [errors, setErrors] = useState<Errors>({});
  const [isBusy, setIsBusy] = useState(false);
  const save = useMutation(api.explorer.save);
  const remove = useMutation(api.explorer.remove);
  const id = useId();
  const { readOnly } = useExplorer();

  const isEdited = draft.value !== base.value || draft.metadata !== base.metadata;
  const isChanged = base.version !== entry.version;
  const start = (from: Entry) => {
    const next = draftOf(from);
    setBase(next);
    setDraft(next);
    setErrors({});
  };
  // While nothing is edited, it shows what is stored.
  if (isChanged && !isEdited) start(entry);
  // A new expiry is another version too, but not another text.
  const now = isChanged ? draftOf(entry) : base;
  const isConflict = isEdited && (now.value !== base.value || now.metadata !== base.metadata);

  const submit = async () => {
    if (!isEdited || isBusy) return;
    const found: Errors = {};
    const read = (field: "value" | "metadata"): Value | undefined => {
      try {
        return parseValue(draft[field]);
      } catch (error) {
        found[field] = messageOf(error);
        return undefined;
      }
    };
    const value = read("value");
    const metadata = draft.metadata.trim() === "" ? undefined : read("metadata");
    setErrors(found);
    if (Object.keys(found).length > 0) return;
    setIsBusy(true);
    try {
      const { version } = isConflict ? base : entry;
      if (await save({ key: entryKey, version, value, metadata })) {
        tell("Saved");
        setBase(draft);
      } else {
        setErrors({ value: "It was changed elsewhere meanwhile: look at what it is now." });
      }
    } catch (error) {
      setErrors({ value: messageOf(error) });
    }
    setIsBusy(false);
  };

  const removeEntry = async () => {
    try {
      await remove({ key: entryKey });
      tell("Entry deleted");
      onDeleted();
    } catch (error) {
      tellError(error);
    }
  };

  const editor = (field: "value" | "metadata", name: string) => (
    <div className="field" data-field={field}>
      <span className="label">{name}</span>
      <Editor
        label={name}
        text={draft[field]}
        onChange={(text) => setDraft((draft) => ({ ...draft, [field]: text }))}
        onSubmit={() => void submit()}
        isOptional={field === "metadata"}
        isReadOnly={readOnly}
        isInvalid={errors[field] !== undefined}
        describedBy={errors[field] && `${id}-${field}`}
      />
      {errors[field] && (
        <p className="field-error" id={`${id}-${field}`} role="alert">
          {errors[field]}
        </p>
      )}
    </div>
  );

  return (
    <>
      <div className="detail-body">
        <dl className="facts">
          <dt>Expires</dt>
          <dd>
            <Expiry entryKey={entryKey} expiresAt={entry.expiresAt} />
          </dd>
          <dt>Updated</dt>
          <dd>
            {formatTime(entry.updatedAt)}{" "}
            <span className="quiet">
              (<TimeAgo time={entry.updatedAt} />)
            </span>
          </dd>
          <dt>Size</dt>
          <dd>{formatSize(getConvexSize(entry.value as Value))}</dd>
          <dt>Version</dt>
          <dd>
            <code>{entry.version}</code>
          </dd>
        </dl>
        {isConflict && (
          <div className="banner" role="alert">
            <span>This entry was changed elsewhere while you edited it.</span>
            <Button className="link" onPress={() => start(entry)}>
              Show what it is now
            </Button>
            <Button className="link" onPress={() => setBase(now)}>
              Keep mine
            </Button>
          </div>
        )}
        {editor("value", "Value")}
        {editor("metadata", "Metadata")}
      </div>
      {!readOnly && (
        <footer className="detail-foot">
          <Button className="button button-quiet-danger" onPress={() => void removeEntry()}>
            <Trash2 size={14} aria-hidden />
            Delete
          </Button>
          <span className="spacer" />
          <Button className="button" isDisabled={!isEdited} onPress={() => start(entry)}>
            <Undo2 size={14} aria-hidden />
            Revert
          </Button>
          <Button
            className="button button-main"
            isDisabled={!isEdited || isConflict}
            isPending={isBusy}
            onPress={() => void submit()}
          >
            <Save size={14} aria-hidden />
            Save
          </Button>
        </footer>
      )}
    </>
  );
}
