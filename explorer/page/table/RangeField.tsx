import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { Input, TextField } from "react-aria-components";
import type { Ref } from "react";
import { partIn } from "../../notation/parts.js";
import { typeOf } from "../parts/KeyView.js";

interface Props {
  label: string;
  placeholder: string;
  text: string;
  onChange(text: string): void;
  ref?: Ref<HTMLInputElement>;
}

/** A bound of the range: the next part of the key. It shows what it takes the text for. */
export function RangeField({ label, placeholder, text, onChange, ref }: Props) {
  const part: KeyPart | undefined = partIn(text);
  return (
    <TextField className="range-field" aria-label={label} value={text} onChange={onChange}>
      <Input
        ref={ref}
        className="input"
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
      />
      {part !== undefined && <span className="range-type">{typeOf(part)}</span>}
    </TextField>
  );
}
