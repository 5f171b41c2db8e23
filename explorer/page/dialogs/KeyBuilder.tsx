import { Button, FieldError, Input, TextField } from "react-aria-components";
import { Choice } from "../parts/Choice.js";
import { IconButton } from "../parts/IconButton.js";
import { newPart, PART_TYPES, partOf, type PartDraft, type PartType } from "./keyDraft.js";
import { Plus, X } from "../parts/icons.js";

interface Props {
  parts: PartDraft[];
  onChange(parts: PartDraft[]): void;
  /** Whether to say what is wrong with parts that are not ready. */
  isChecked: boolean;
  /** What the key is. */
  label?: string;
}

const types = PART_TYPES.map((type) => ({ id: type, name: type }));
const truths = ["true", "false"].map((id) => ({ id, name: id }));

/** Makes a key, part by part, each of a type. */
export function KeyBuilder({ parts, onChange, isChecked, label = "Key" }: Props) {
  const replace = (id: number, changes: Partial<PartDraft>) =>
    onChange(parts.map((part) => (part.id === id ? { ...part, ...changes } : part)));
  const setType = (id: number, type: PartType) =>
    replace(id, type === "boolean" ? { type, text: "true" } : { type });

  return (
    <fieldset className="field">
      <legend>{label}</legend>
      <div className="parts">
        {parts.map((draft, i) => {
          const name = `Part ${i + 1}`;
          const result = partOf(draft);
          const error = "error" in result ? result.error : undefined;
          return (
            <div className="part-draft" key={draft.id}>
              <Choice
                label={`Type of part ${i + 1}`}
                options={types}
                value={draft.type}
                onChange={(type) => setType(draft.id, type)}
              />
              {draft.type === "boolean" ? (
                <Choice
                  label={name}
                  options={truths}
                  value={draft.text}
                  onChange={(text) => replace(draft.id, { text })}
                />
              ) : (
                <TextField
                  aria-label={name}
                  className="part-field"
                  isDisabled={draft.type === "null"}
                  value={draft.type === "null" ? "null" : draft.text}
                  onChange={(text) => replace(draft.id, { text })}
                  isInvalid={isChecked && error !== undefined}
                >
                  <Input className="input" spellCheck={false} autoComplete="off" />
                  <FieldError className="field-error">{error}</FieldError>
                </TextField>
              )}
              <IconButton
                icon={X}
                label={`Remove part ${i + 1}`}
                isDisabled={parts.length === 1}
                onPress={() => onChange(parts.filter(({ id }) => id !== draft.id))}
              />
            </div>
          );
        })}
      </div>
      <Button className="button button-quiet" onPress={() => onChange([...parts, newPart()])}>
        <Plus size={14} aria-hidden />
        Add a part
      </Button>
    </fieldset>
  );
}
