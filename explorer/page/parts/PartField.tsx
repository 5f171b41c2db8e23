import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import type { Ref } from "react";
import { Input, TextField } from "react-aria-components";
import { typeOf } from "./KeyView.js";

interface Props {
  label: string;
  placeholder: string;
  text: string;
  /** What the text stands for; undefined: nothing. */
  read(text: string): KeyPart | undefined;
  onChange(text: string): void;
  ref?: Ref<HTMLInputElement>;
}

/** A part of a key, or its beginning, to filter by. It shows what type the text is taken for. */
export function PartField({ label, placeholder, text, read, onChange, ref }: Props) {
  const part = read(text);
  return (
    <TextField className="part-filter" aria-label={label} value={text} onChange={onChange}>
      <Input
        ref={ref}
        className="input"
        placeholder={placeholder}
        spellCheck={false}
        autoComplete="off"
      />
      {part !== undefined && <span className="part-filter-type">{typeOf(part)}</span>}
    </TextField>
  );
}
