import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import type { Value } from "convex/values";
import { useId, useState } from "react";
import { Button, Form } from "react-aria-components";
import { api } from "../data/api.js";
import { codeOf, messageOf } from "../data/errors.js";
import { parseValue } from "../../notation/parse.js";
import { Editor } from "../parts/Editor.js";
import { tell } from "../parts/toasts.js";
import { Dialog } from "./Dialog.js";
import { KeyBuilder } from "./KeyBuilder.js";
import { draftOf, keyOf, newPart } from "./keyDraft.js";
import { TtlField, ttlOf, type TtlDraft } from "./TtlField.js";

interface Props {
  prefix: KeyPart[];
  onClose(): void;
  onCreated(key: KeyPart[]): void;
}

type Field = "key" | "value" | "metadata" | "ttl";

export function NewEntry({ prefix, onClose, onCreated }: Props) {
  const [parts, setParts] = useState(() => [...prefix.map(draftOf), newPart()]);
  const [value, setValue] = useState("{\n  \n}");
  const [metadata, setMetadata] = useState("");
  const [ttl, setTtl] = useState<TtlDraft>({ amount: "", unit: "minutes" });
  const [isChecked, setIsChecked] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [errors, setErrors] = useState<Partial<Record<Field, string>>>({});
  const create = useMutation(api.explorer.create);
  const id = useId();

  const submit = async () => {
    setIsChecked(true);
    const found: typeof errors = {};
    const read = (field: Field, text: string): Value | undefined => {
      try {
        return parseValue(text);
      } catch (error) {
        found[field] = messageOf(error);
        return undefined;
      }
    };
    const key = keyOf(parts);
    const newValue = read("value", value);
    const newMetadata = metadata.trim() === "" ? undefined : read("metadata", metadata);
    const newTtl = ttlOf(ttl);
    if (Number.isNaN(newTtl)) found.ttl = "A number greater than 0, or nothing: it never expires.";
    setErrors(found);
    if (Object.keys(found).length > 0 || !key) return;
    setIsBusy(true);
    try {
      const args = { key, value: newValue, metadata: newMetadata, ttl: newTtl };
      if (await create(args)) {
        tell("Entry written");
        onCreated(key);
      } else {
        setErrors({ key: "There is an entry at this key already." });
      }
    } catch (error) {
      setErrors({ [fieldOf(error)]: messageOf(error) });
    }
    setIsBusy(false);
  };

  const errorOf = (field: Field) =>
    errors[field] && (
      <p className="field-error" id={`${id}-${field}`} role="alert">
        {errors[field]}
      </p>
    );
  return (
    <Dialog title="New entry" onClose={onClose}>
      <Form
        validationBehavior="aria"
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <KeyBuilder parts={parts} onChange={setParts} isChecked={isChecked} />
        {errorOf("key")}
        <div className="field">
          <span className="label">Value</span>
          <Editor
            label="Value"
            text={value}
            onChange={setValue}
            onSubmit={() => void submit()}
            isInvalid={errors.value !== undefined}
            describedBy={errors.value && `${id}-value`}
          />
          {errorOf("value")}
        </div>
        <div className="field">
          <span className="label">Metadata</span>
          <Editor
            label="Metadata"
            text={metadata}
            onChange={setMetadata}
            onSubmit={() => void submit()}
            isOptional
            isInvalid={errors.metadata !== undefined}
            describedBy={errors.metadata && `${id}-metadata`}
          />
          {errorOf("metadata")}
        </div>
        <div className="field">
          <span className="label">Expires in</span>
          <TtlField draft={ttl} onChange={setTtl} isInvalid={errors.ttl !== undefined} />
          {errorOf("ttl")}
        </div>
        <footer className="dialog-foot">
          <Button className="button" onPress={onClose}>
            Cancel
          </Button>
          <Button className="button button-main" type="submit" isPending={isBusy}>
            Write
          </Button>
        </footer>
      </Form>
    </Dialog>
  );
}

/** What an error of the store's is about. */
function fieldOf(error: unknown): Field {
  const code = codeOf(error);
  if (code === "invalid_key") return "key";
  return code === "invalid_expiry" ? "ttl" : "value";
}
