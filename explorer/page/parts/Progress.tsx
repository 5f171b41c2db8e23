import { Label, ProgressBar } from "react-aria-components";
import { formatCount } from "./numbers.js";

interface Props {
  label: string;
  done: number;
  total: number;
  /** How both are shown. */
  format?(amount: number): string;
}

/** How far something is that counts entries, or what else `format` shows. */
export function Progress({ label, done, total, format = formatCount }: Props) {
  return (
    <ProgressBar className="progress" value={done} maxValue={Math.max(total, 1)}>
      {({ percentage = 0 }) => (
        <>
          <div className="progress-text">
            <Label>{label}</Label>
            <span>
              {format(done)} of {format(total)}
            </span>
          </div>
          <div className="progress-track">
            <div className="progress-fill" style={{ width: `${percentage}%` }} />
          </div>
        </>
      )}
    </ProgressBar>
  );
}
