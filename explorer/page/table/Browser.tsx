import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ToggleButton } from "react-aria-components";
import { api } from "../data/api.js";
import { useAsOf, useExpiries } from "../data/expiry.js";
import { useLive } from "../data/useLive.js";
import { NARROW, useMedia } from "../data/useMedia.js";
import { beginningIn, partIn } from "../../notation/parts.js";
import { IconButton } from "../parts/IconButton.js";
import { PartField } from "../parts/PartField.js";
import { EntryTable } from "./EntryTable.js";
import { Pager } from "./Pager.js";

import { ArrowDownUp, ArrowRight, Brackets, KeyRound, X } from "../parts/icons.js";

const PAGE = 100;

interface Props {
  prefix: KeyPart[];
  opened: KeyPart[] | null;
  onOpen(key: KeyPart[] | null): void;
}

/** A page, by where it begins. */
interface PageStart {
  cursor: string;
  /** How many entries were before it, when it was gone to. */
  before: number;
}

/**
 * The entries at and below a prefix: a page at a time, from a start to an end, in either direction.
 */
export function Browser({ prefix, opened, onOpen }: Props) {
  const [beginning, setBeginning] = useState("");
  /** Whether to filter by a range, instead of by what a part begins with. */
  const [isRange, setIsRange] = useState(false);
  const [start, setStart] = useState("");
  const [end, setEnd] = useState("");
  const [reverse, setReverse] = useState(false);
  const [keysOnly, setKeysOnly] = useState(false);
  /** The pages gone through: the last is shown. None: the first is. */
  const [pages, setPages] = useState<PageStart[]>([]);
  const filter = useRef<HTMLInputElement>(null);
  const asOf = useAsOf();
  const isNarrow = useMedia(NARROW);

  const bound = (text: string) => {
    const part = partIn(text);
    return part === undefined ? undefined : [part];
  };
  const current = pages.at(-1);
  const page = useLive(api.explorer.page, {
    ...{ prefix, start: bound(start), end: bound(end), limit: PAGE, asOf },
    startsWith: beginningIn(beginning),
    cursor: current?.cursor,
    reverse: reverse || undefined,
    keysOnly: keysOnly || undefined,
  });
  // Gone is gone, though the next answer is still on its way.
  const found = page.data?.rows;
  const rows = useMemo(
    () => found?.filter(({ expiresAt = Infinity }) => expiresAt > (asOf ?? 0)),
    [found, asOf],
  );
  useExpiries(rows?.map(({ expiresAt }) => expiresAt) ?? []);

  /** A cursor belongs to its bounds and direction. */
  const fromTheStart = <T,>(change: (to: T) => void) => {
    return (to: T) => {
      setPages([]);
      change(to);
    };
  };
  const changeReverse = useCallback((to: boolean) => {
    setPages([]);
    setReverse(to);
  }, []);
  const clear = () => {
    setPages([]);
    setBeginning("");
    setStart("");
    setEnd("");
  };

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (target.closest("input, textarea, select, [contenteditable=true], [role=dialog]")) return;
      event.preventDefault();
      filter.current?.focus();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  const isFiltered = beginning !== "" || start !== "" || end !== "";
  // What is the same as before is not made anew when another entry is opened.
  const filterBar = useMemo(
    () => (
      <div
        className="filter"
        role="group"
        aria-label="Filter"
        onKeyDown={(event) => {
          if (event.key === "Escape" && isFiltered) clear();
        }}
      >
        {isRange ? (
          <>
            <PartField
              ref={filter}
              label="From, inclusive"
              placeholder={isNarrow ? "From" : "From (press /)"}
              text={start}
              read={partIn}
              onChange={fromTheStart(setStart)}
            />
            <ArrowRight size={14} className="quiet" aria-hidden />
            <PartField
              label="To, exclusive"
              placeholder={isNarrow ? "To" : "To, exclusive"}
              text={end}
              read={partIn}
              onChange={fromTheStart(setEnd)}
            />
          </>
        ) : (
          <PartField
            ref={filter}
            label="Begins with"
            placeholder={isNarrow ? "Begins with" : "Begins with (press /)"}
            text={beginning}
            read={beginningIn}
            onChange={fromTheStart(setBeginning)}
          />
        )}
        {isFiltered && <IconButton icon={X} label="Clear the filter" onPress={clear} />}
        <span className="spacer" />
        <ToggleButton
          className="toggle"
          isSelected={isRange}
          onChange={(to) => {
            clear();
            setIsRange(to);
          }}
          aria-label="Range"
        >
          <Brackets size={14} aria-hidden />
          <span className="toggle-text">Range</span>
        </ToggleButton>
        <ToggleButton
          className="toggle"
          isSelected={reverse}
          onChange={changeReverse}
          aria-label="Reverse"
        >
          <ArrowDownUp size={14} aria-hidden />
          <span className="toggle-text">Reverse</span>
        </ToggleButton>
        <ToggleButton
          className="toggle"
          isSelected={keysOnly}
          onChange={setKeysOnly}
          aria-label="Keys only"
        >
          <KeyRound size={14} aria-hidden />
          <span className="toggle-text">Keys only</span>
        </ToggleButton>
      </div>
    ),
    [beginning, isRange, start, end, reverse, keysOnly, isFiltered, isNarrow, changeReverse],
  );

  const pager = useMemo(
    () => (
      <Pager
        prefix={prefix}
        before={pages.at(-1)?.before ?? 0}
        rows={rows?.length ?? 0}
        isDone={page.data?.isDone ?? true}
        isFiltered={isFiltered}
        onPrevious={() => setPages(pages.slice(0, -1))}
        onNext={() => {
          if (!page.data || page.isStale) return;
          const before = (pages.at(-1)?.before ?? 0) + page.data.rows.length;
          setPages([...pages, { cursor: page.data.continueCursor, before }]);
        }}
      />
    ),
    [prefix, pages, rows?.length, page.data, page.isStale, isFiltered],
  );

  return (
    <div className="browser">
      {filterBar}
      <EntryTable
        {...{ prefix, rows, isFiltered, keysOnly, reverse, opened, onOpen }}
        error={page.error}
        isStale={page.isStale}
        onReverse={changeReverse}
      />
      {pager}
    </div>
  );
}
