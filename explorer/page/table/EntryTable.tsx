import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMemo, useState } from "react";
import {
  Cell,
  Column,
  Row,
  Table,
  TableBody,
  TableHeader,
  TableLayout,
  Virtualizer,
  type ColumnProps,
} from "react-aria-components";
import type { api } from "../data/api.js";
import { messageOf } from "../data/errors.js";
import { NARROW, useMedia } from "../data/useMedia.js";
import { formatKey, formatLine } from "../../notation/format.js";
import { KeyView, keyText } from "../parts/KeyView.js";
import { Notice } from "../parts/Notice.js";
import { formatSize } from "../parts/numbers.js";
import { TimeAgo, TimeLeft } from "../parts/TimeLeft.js";
import { CircleAlert, Inbox, SearchX } from "../parts/icons.js";

export type EntryRow = (typeof api.explorer.page)["_returnType"]["rows"][number];

interface Props {
  prefix: KeyPart[];
  rows: EntryRow[] | undefined;
  error: Error | undefined;
  isStale: boolean;
  isFiltered: boolean;
  keysOnly: boolean;
  reverse: boolean;
  onReverse(reverse: boolean): void;
  opened: KeyPart[] | null;
  onOpen(key: KeyPart[] | null): void;
}

interface ColumnOf {
  id: string;
  name: string;
  width: ColumnProps["width"] & {};
  cell(row: EntryRow, prefix: KeyPart[]): React.ReactNode;
}

const columns: Record<string, ColumnOf> = {
  key: { id: "key", name: "Key", width: "28fr", cell: keyCell },
  value: {
    ...{ id: "value", name: "Value", width: "36fr" },
    cell: ({ preview }) => <code className="preview">{preview}</code>,
  },
  size: {
    ...{ id: "size", name: "Size", width: 76 },
    cell: ({ size }) => (size === undefined ? "" : formatSize(size)),
  },
  metadata: {
    ...{ id: "metadata", name: "Metadata", width: "18fr" },
    cell: ({ metadata }) =>
      metadata === undefined ? "" : <code className="preview">{formatLine(metadata)}</code>,
  },
  updated: {
    ...{ id: "updated", name: "Updated", width: 96 },
    cell: ({ updatedAt }) => <TimeAgo time={updatedAt} />,
  },
  expires: {
    ...{ id: "expires", name: "Expires", width: 84 },
    cell: ({ expiresAt }) =>
      expiresAt === undefined ? <span className="never">–</span> : <TimeLeft until={expiresAt} />,
  },
};

function keyCell({ key }: EntryRow, prefix: KeyPart[]) {
  const rest = key.slice(prefix.length) as KeyPart[];
  return rest.length === 0 ? (
    <span className="key-self">this key itself</span>
  ) : (
    <KeyView parts={rest} />
  );
}

// The heights of a row and of the header (styles/table.css).
const LAYOUT = { rowHeight: 34, headingHeight: 32 };

/** The entries of a page. Only rows in sight are in the document. */
export function EntryTable(props: Props) {
  const { prefix, rows, error, isStale, isFiltered, keysOnly, reverse, opened } = props;
  const isNarrow = useMedia(NARROW);
  const hasRoom = useMedia("(min-width: 1100px)") && (opened === null || innerWidth > 1400);
  // Whatever it is that changes: what is the same object as before is not made anew.
  const shown = useMemo(() => {
    const ids = [
      ...["key", ...(keysOnly ? [] : ["value"])],
      ...(isNarrow || keysOnly ? [] : ["size"]),
      ...(hasRoom ? ["metadata", "updated"] : []),
      "expires",
    ];
    return ids.map((id) => columns[id]!);
  }, [keysOnly, isNarrow, hasRoom]);
  const { onOpen, onReverse } = props;
  const openedId = opened && formatKey(opened);

  const keysById = useMemo(() => {
    const all = rows?.map(({ key }) => key as KeyPart[]);
    return new Map(all?.map((key) => [formatKey(key), key]));
  }, [rows]);

  const table = useMemo(
    () => (
      <Virtualizer layout={TableLayout} layoutOptions={LAYOUT}>
        <Table
          className="table"
          aria-label={prefix.length === 0 ? "All entries" : `Entries below ${keyText(prefix)}`}
          selectionMode="single"
          selectionBehavior="replace"
          selectedKeys={openedId === null ? [] : [openedId]}
          onSelectionChange={(keys) => {
            const [id] = keys as Set<string>;
            onOpen((id !== undefined && keysById.get(id)) || null);
          }}
          sortDescriptor={{ column: "key", direction: reverse ? "descending" : "ascending" }}
          onSortChange={({ direction }) => onReverse(direction === "descending")}
        >
          <TableHeader columns={shown} dependencies={[reverse]}>
            {(column) => header(column, reverse)}
          </TableHeader>
          <TableBody
            items={rows ?? NO_ROWS}
            dependencies={[shown, prefix]}
            renderEmptyState={() => (
              <Nothing isLoading={rows === undefined} isFiltered={isFiltered} />
            )}
          >
            {(row) => (
              <Row
                id={formatKey(row.key as KeyPart[])}
                columns={shown}
                dependencies={[shown, prefix, row]}
                textValue={keyText(row.key as KeyPart[])}
                className="row"
              >
                {({ id, cell }) => (
                  <Cell className={`cell cell-${id}`}>
                    <CellText version={row.version}>{cell(row, prefix)}</CellText>
                  </Cell>
                )}
              </Row>
            )}
          </TableBody>
        </Table>
      </Virtualizer>
    ),
    [prefix, rows, keysById, isFiltered, reverse, shown, openedId, onOpen, onReverse],
  );

  if (error) {
    return (
      <Notice icon={CircleAlert} title="The entries could not be loaded" tone="error">
        {messageOf(error)}
      </Notice>
    );
  }
  return (
    <div
      className="table-scroll"
      data-stale={isStale || undefined}
      aria-busy={rows === undefined || isStale}
    >
      {table}
    </div>
  );
}

const NO_ROWS: EntryRow[] = [];

function header({ id, name, width }: ColumnOf, reverse: boolean) {
  return (
    <Column
      id={id}
      isRowHeader={id === "key"}
      allowsSorting={id === "key"}
      width={width}
      className={`column cell-${id}`}
    >
      {({ allowsSorting }) => (
        <>
          {name}
          {allowsSorting && (
            <span aria-hidden className="sort">
              {reverse ? "↓" : "↑"}
            </span>
          )}
        </>
      )}
    </Column>
  );
}

/** Shows when its entry is written anew while it is on the page. */
function CellText({ version, children }: { version: string; children: React.ReactNode }) {
  const [first] = useState(version);
  // Another element for each version: it begins its animation anew.
  return (
    <div className="cell-text" key={version} data-changed={version !== first || undefined}>
      {children}
    </div>
  );
}

function Nothing({ isLoading, isFiltered }: { isLoading: boolean; isFiltered: boolean }) {
  if (isLoading) {
    return (
      <div className="skeleton" role="status" aria-label="Loading entries">
        {[90, 75, 85, 60, 80, 70].map((width) => (
          <span key={width} style={{ width: `${width}%` }} />
        ))}
      </div>
    );
  }
  if (isFiltered) {
    return (
      <Notice icon={SearchX} title="No entries in this range">
        The range is from its start, inclusive, to its end, exclusive.
      </Notice>
    );
  }
  return (
    <Notice icon={Inbox} title="Nothing here">
      There are no entries at or below this key.
    </Notice>
  );
}
