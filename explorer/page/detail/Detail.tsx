import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useState } from "react";
import { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { useAsOf, useExpiries } from "../data/expiry.js";
import { useExplorer } from "../data/explorer.js";
import { useLive } from "../data/useLive.js";
import { formatKey } from "../../notation/format.js";
import { IconButton } from "../parts/IconButton.js";
import { KeyView, keyText } from "../parts/KeyView.js";
import { Notice } from "../parts/Notice.js";
import { RenameEntry } from "../dialogs/RenameEntry.js";
import { CopyMenu } from "./CopyMenu.js";
import { EntryForm } from "./EntryForm.js";
import { CircleAlert, Ghost, Pencil, X } from "../parts/icons.js";

interface Props {
  entryKey: KeyPart[];
  onClose(): void;
  /** The entry has another key now. */
  onRenamed(key: KeyPart[]): void;
}

/** One entry, whole. It can be edited where it stands. */
export function Detail({ entryKey, onClose, onRenamed }: Props) {
  const { readOnly } = useExplorer();
  const [isRenaming, setIsRenaming] = useState(false);
  const asOf = useAsOf();
  const { data, error, isStale } = useLive(api.explorer.entry, { key: entryKey, asOf });
  const isOther = data && formatKey(data.key as KeyPart[]) !== formatKey(entryKey);
  const entry = data && !isOther && (data.expiresAt ?? Infinity) > (asOf ?? 0) ? data : null;
  useExpiries([entry?.expiresAt]);
  return (
    <section
      className="detail"
      aria-label={`Entry ${keyText(entryKey)}`}
      aria-busy={data === undefined}
      onKeyDown={(event) => {
        // What the editor or a window makes of it, comes first.
        if (event.key === "Escape" && !event.defaultPrevented) onClose();
      }}
    >
      <header className="detail-head">
        <h2>
          <KeyView parts={entryKey} />
        </h2>
        {entry && <CopyMenu entryKey={entryKey} value={entry.value} />}
        {entry && !readOnly && (
          <IconButton icon={Pencil} label="Rename" onPress={() => setIsRenaming(true)} />
        )}
        <IconButton icon={X} label="Close the entry" onPress={onClose} />
      </header>
      {entry && isRenaming && (
        <RenameEntry
          entryKey={entryKey}
          version={entry.version}
          onClose={() => setIsRenaming(false)}
          onRenamed={(key) => {
            setIsRenaming(false);
            onRenamed(key);
          }}
        />
      )}
      {error ? (
        <Notice icon={CircleAlert} title="The entry could not be loaded" tone="error">
          {messageOf(error)}
        </Notice>
      ) : entry ? (
        <EntryForm
          key={formatKey(entryKey)}
          entryKey={entryKey}
          entry={entry}
          onDeleted={onClose}
        />
      ) : data === null || (data && !isOther && !isStale) ? (
        <Notice icon={Ghost} title="There is no such entry">
          It was deleted, or it has expired.
        </Notice>
      ) : (
        <div className="skeleton" role="status" aria-label="Loading the entry">
          {[40, 80, 65].map((width) => (
            <span key={width} style={{ width: `${width}%` }} />
          ))}
        </div>
      )}
    </section>
  );
}
