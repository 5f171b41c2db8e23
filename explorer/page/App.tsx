import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { memo, useCallback, useEffect, useMemo, useState } from "react";
import {
  Breadcrumb,
  Breadcrumbs,
  Button,
  Dialog,
  Heading,
  Link,
  Modal,
  ModalOverlay,
} from "react-aria-components";
import { goTo, usePlace } from "./data/place.js";
import { NARROW, useMedia } from "./data/useMedia.js";
import { Detail } from "./detail/Detail.js";
import { ComponentMenu } from "./ComponentMenu.js";
import { useExplorer } from "./data/explorer.js";
import { DeleteTree } from "./dialogs/DeleteTree.js";
import { ExportTree } from "./dialogs/ExportTree.js";
import { GoToKey } from "./dialogs/GoToKey.js";
import { ImportEntries } from "./dialogs/ImportEntries.js";
import { Jobs } from "./dialogs/Jobs.js";
import { MoveTree } from "./dialogs/MoveTree.js";
import { NewEntry } from "./dialogs/NewEntry.js";
import { formatKey } from "../notation/format.js";
import { Connection } from "./parts/Connection.js";
import { IconButton } from "./parts/IconButton.js";
import { PartView } from "./parts/KeyView.js";
import { ThemeMenu } from "./parts/ThemeMenu.js";
import { Toasts } from "./parts/toasts.js";
import { StoreMenu, type StoreWindow } from "./StoreMenu.js";
import { Browser } from "./table/Browser.js";
import { KeyTree } from "./tree/KeyTree.js";
import { Database, History, PanelLeft, Plus, Search } from "./parts/icons.js";

const SHORTCUT = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘ K" : "Ctrl K";

type Window = StoreWindow | "new" | "go" | "jobs";

export function App() {
  const place = usePlace();
  const { prefix, entry } = place;
  const isNarrow = useMedia(NARROW);
  const [window, setWindow] = useState<Window>();
  const [hasDrawer, setHasDrawer] = useState(false);
  const openEntry = useCallback((key: KeyPart[] | null) => goTo({ prefix, entry: key }), [prefix]);
  const closeWindow = () => setWindow(undefined);
  const { readOnly } = useExplorer();

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      // A window that is open stays, and what was typed in it.
      if ((event.target as HTMLElement).closest("[role=dialog], [role=alertdialog]")) return;
      event.preventDefault();
      setWindow("go");
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);

  // What is the same as before is not made anew when another entry is opened.
  const top = useMemo(
    () => (
      <header className="top">
        {isNarrow && (
          <IconButton icon={PanelLeft} label="Keys" onPress={() => setHasDrawer(true)} />
        )}
        <h1>
          <Logo />
          <span>KV Explorer</span>
        </h1>
        <Connection />
        {readOnly && <span className="badge">Read only</span>}
        <span className="spacer" />
        <Button
          className="button go-to-button"
          aria-label={isNarrow ? "Go to a key" : undefined}
          onPress={() => setWindow("go")}
        >
          <Search size={14} aria-hidden />
          {!isNarrow && (
            <>
              Go to a key <kbd aria-hidden>{SHORTCUT}</kbd>
            </>
          )}
        </Button>
        <ComponentMenu />
        <IconButton icon={History} label="Jobs" onPress={() => setWindow("jobs")} />
        <ThemeMenu />
      </header>
    ),
    [isNarrow, readOnly],
  );

  const bar = useMemo(
    () => (
      <div className="bar">
        <Crumbs prefix={prefix} />
        {!readOnly && (
          <Button className="button button-main" onPress={() => setWindow("new")}>
            <Plus size={14} aria-hidden />
            New
          </Button>
        )}
        <StoreMenu prefix={prefix} onOpen={setWindow} />
      </div>
    ),
    [prefix, readOnly],
  );

  return (
    <div className="app">
      {top}
      {!isNarrow && (
        <nav className="side" aria-label="Key hierarchy">
          <KeyTree place={place} goTo={goTo} />
        </nav>
      )}
      <main className="main">
        {bar}
        <div className="panes">
          <Browser key={formatKey(prefix)} prefix={prefix} opened={entry} onOpen={openEntry} />
          {entry && (
            <Detail
              entryKey={entry}
              onClose={() => openEntry(null)}
              onRenamed={(key) => goTo({ prefix: placeOf(key, prefix), entry: key })}
            />
          )}
        </div>
      </main>

      {isNarrow && hasDrawer && (
        <ModalOverlay
          className="overlay drawer-overlay"
          isOpen
          isDismissable
          onOpenChange={() => setHasDrawer(false)}
        >
          <Modal className="drawer">
            <Dialog className="drawer-dialog">
              <Heading slot="title" className="drawer-title">
                Keys
              </Heading>
              <KeyTree
                place={place}
                goTo={(next) => {
                  goTo(next);
                  setHasDrawer(false);
                }}
              />
            </Dialog>
          </Modal>
        </ModalOverlay>
      )}
      {window === "new" && (
        <NewEntry
          prefix={prefix}
          onClose={closeWindow}
          onCreated={(key) => {
            closeWindow();
            openEntry(key);
          }}
        />
      )}
      {window === "go" && <GoToKey onClose={closeWindow} />}
      {window === "delete" && <DeleteTree prefix={prefix} onClose={closeWindow} />}
      {(window === "move" || window === "copy") && (
        <MoveTree
          kind={window}
          prefix={prefix}
          onClose={closeWindow}
          onShow={(prefix) => {
            closeWindow();
            goTo({ prefix, entry: null });
          }}
        />
      )}
      {window === "export" && <ExportTree prefix={prefix} onClose={closeWindow} />}
      {window === "import" && <ImportEntries prefix={prefix} onClose={closeWindow} />}
      {window === "jobs" && <Jobs onClose={closeWindow} />}
      <Toasts />
    </div>
  );
}

/** Where to show an entry: where the page is, if it is below that. */
function placeOf(key: KeyPart[], prefix: KeyPart[]): KeyPart[] {
  const isBelow = formatKey(key.slice(0, prefix.length)) === formatKey(prefix);
  return isBelow ? prefix : key.slice(0, -1);
}

/** The way from the store to the prefix that is shown. */
const Crumbs = memo(function Crumbs({ prefix }: { prefix: KeyPart[] }) {
  const crumbs = [[], ...prefix.map((_, i) => prefix.slice(0, i + 1))];
  return (
    <Breadcrumbs className="crumbs" aria-label="Prefix">
      {crumbs.map((key) => (
        <Breadcrumb key={formatKey(key)} id={formatKey(key)} className="crumb">
          <Link onPress={() => goTo({ prefix: key, entry: null })}>
            {key.length === 0 ? (
              <>
                <Database size={14} aria-hidden />
                <span>All</span>
              </>
            ) : (
              <PartView part={key.at(-1)!} />
            )}
          </Link>
        </Breadcrumb>
      ))}
    </Breadcrumbs>
  );
});

function Logo() {
  return <img src={new URL("./icon.svg", import.meta.url).href} alt="" width={22} height={22} />;
}
