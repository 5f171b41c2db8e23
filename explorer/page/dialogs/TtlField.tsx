import { Choice } from "../parts/Choice.js";
import { Input, TextField } from "react-aria-components";

const SECOND = 1000;
const UNITS = {
  seconds: SECOND,
  minutes: 60 * SECOND,
  hours: 3600 * SECOND,
  days: 86_400 * SECOND,
};
export type Unit = keyof typeof UNITS;
const units = (Object.keys(UNITS) as Unit[]).map((id) => ({ id, name: id }));

/** A time to live in the making. No amount: it never expires. */
export interface TtlDraft {
  amount: string;
  unit: Unit;
}

/** In milliseconds; undefined: none. NaN: this is no time. */
export function ttlOf({ amount, unit }: TtlDraft): number | undefined {
  if (amount.trim() === "") return undefined;
  const ttl = Number(amount) * UNITS[unit];
  return ttl > 0 ? ttl : NaN;
}

interface Props {
  draft: TtlDraft;
  onChange(draft: TtlDraft): void;
  isInvalid?: boolean;
}

export function TtlField({ draft, onChange, isInvalid = false }: Props) {
  return (
    <div className="ttl-field">
      <TextField
        aria-label="Expires in"
        value={draft.amount}
        onChange={(amount) => onChange({ ...draft, amount })}
        isInvalid={isInvalid}
      >
        <Input className="input" inputMode="decimal" placeholder="never" autoComplete="off" />
      </TextField>
      <Choice
        label="Unit"
        options={units}
        value={draft.unit}
        onChange={(unit) => onChange({ ...draft, unit })}
      />
    </div>
  );
}
