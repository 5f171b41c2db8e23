import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useState } from "react";
import { Button } from "react-aria-components";
import { api } from "../data/api.js";
import { useAsOf } from "../data/expiry.js";
import { useCountAll } from "../data/useCountAll.js";
import { useLive } from "../data/useLive.js";
import { IconButton } from "../parts/IconButton.js";
import { entriesText, formatCount } from "../parts/numbers.js";
import { ChevronLeft, ChevronRight } from "../parts/icons.js";

interface Props {
  prefix: KeyPart[];
  /** How many entries come before the page, and how many are on it. */
  before: number;
  rows: number;
  isDone: boolean;
  isFiltered: boolean;
  onPrevious(): void;
  onNext(): void;
}

/** Which entries these are, and the way to others. */
export function Pager({ prefix, before, rows, isDone, isFiltered, onPrevious, onNext }: Props) {
  const last = before + rows;
  return (
    <nav className="pager" aria-label="Pages">
      <span className="pager-text" aria-live="polite">
        {last === 0 ? "No entries" : `${formatCount(before + 1)}–${formatCount(last)}`}
        {last > 0 && isDone && ` of ${formatCount(last)}`}
      </span>
      {!isDone && !isFiltered && <Total key={JSON.stringify(prefix.map(String))} prefix={prefix} />}
      <span className="spacer" />
      <IconButton
        icon={ChevronLeft}
        label="Previous page"
        isDisabled={before === 0}
        onPress={onPrevious}
      />
      <IconButton icon={ChevronRight} label="Next page" isDisabled={isDone} onPress={onNext} />
    </nav>
  );
}

/**
 * How many there are in all. If the store is not counted, that is to look at each entry, so it is
 * done when it is asked for.
 */
function Total({ prefix }: { prefix: KeyPart[] }) {
  const [isWanted, setIsWanted] = useState(false);
  const { data, error } = useLive(api.explorer.count, { prefix, limit: 1, asOf: useAsOf() });
  if (data?.isDone) return <span className="pager-text">of {entriesText(data.count)}</span>;
  if (!data && !error) return null;
  if (isWanted) return <CountedTotal prefix={prefix} />;
  return (
    <Button className="link" onPress={() => setIsWanted(true)}>
      Count all
    </Button>
  );
}

function CountedTotal({ prefix }: { prefix: KeyPart[] }) {
  const { count, isDone, error } = useCountAll(prefix);
  if (error) return <span className="pager-text">could not be counted</span>;
  return (
    <span className="pager-text" role="status">
      of {isDone ? entriesText(count) : `${formatCount(count, true)} …`}
    </span>
  );
}
