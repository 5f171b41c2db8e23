import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useState } from "react";
import { Cell, Column, Row, Table, TableBody, TableHeader } from "react-aria-components";
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
  width: string;
  cell(row: EntryRow, prefix: KeyPart[]): React.ReactNode;
}

const columns: Record<string, ColumnOf> = {
  key: { id: "key", name: "Key", width: "28%", cell: keyCell },
  value: {
    ...{ id: "value", name: "Value", width: "36%" },
    cell: ({ preview }) => <code className="preview">{preview}</code>,
  },
  size: {
    ...{ id: "size", name: "Size", width: "76px" },
    cell: ({ size }) => (size === undefined ? "" : formatSize(size)),
  },
  metadata: {
    ...{ id: "metadata", name: "Metadata", width: "18%" },
    cell: ({ metadata }) =>
      metadata === undefined ? "" : <code className="preview">{formatLine(metadata)}</code>,
  },
  updated: {
    ...{ id: "updated", name: "Updated", width: "96px" },
    cell: ({ updatedAt }) => <TimeAgo time={updatedAt} />,
  },
  expires: {
    ...{ id: "expires", name: "Expires", width: "84px" },
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

/** The entries of a page. */
export function EntryTable(props: Props) {
  const { prefix, rows, error, isStale, keysOnly, reverse, opened } = props;
  const isNarrow = useMedia(NARROW);
  const hasRoom = useMedia("(min-width: 1100px)") && (opened === null || innerWidth > 1400);
  const shown = [
    ...["key", ...(keysOnly ? [] : ["value"])],
    ...(isNarrow || keysOnly ? [] : ["size"]),
    ...(hasRoom ? ["metadata", "updated"] : []),
    "expires",
  ].map((id) => columns[id]!);

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
      <Table
        className="table"
        aria-label={prefix.length === 0 ? "All entries" : `Entries below ${keyText(prefix)}`}
        selectionMode="single"
        selectionBehavior="replace"
        selectedKeys={opened ? [formatKey(opened)] : []}
        onSelectionChange={(keys) => {
          const [id] = keys as Set<string>;
          const row = rows?.find(({ key }) => formatKey(key as KeyPart[]) === id);
          props.onOpen(row ? (row.key as KeyPart[]) : null);
        }}
        sortDescriptor={{ column: "key", direction: reverse ? "descending" : "ascending" }}
        onSortChange={({ direction }) => props.onReverse(direction === "descending")}
      >
        <TableHeader columns={shown}>
          {({ id, name, width }) => (
            <Column
              id={id}
              isRowHeader={id === "key"}
              allowsSorting={id === "key"}
              style={{ width: isNarrow && id === "key" ? "48%" : width }}
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
          )}
        </TableHeader>
        <TableBody
          items={rows ?? []}
          dependencies={[shown, prefix]}
          renderEmptyState={() => (
            <Nothing isLoading={rows === undefined} isFiltered={props.isFiltered} />
          )}
        >
          {(row) => {
            const key = row.key as KeyPart[];
            return (
              <Row
                id={formatKey(key)}
                columns={shown}
                dependencies={[shown, prefix]}
                textValue={keyText(key)}
              >
                {({ id, cell }) => (
                  <Cell className={`cell cell-${id}`}>
                    <CellText version={row.version}>{cell(row, prefix)}</CellText>
                  </Cell>
                )}
              </Row>
            );
          }}
        </TableBody>
      </Table>
    </div>
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
