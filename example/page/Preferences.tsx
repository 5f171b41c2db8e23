import { useCount, useEntries, useIncrement, useValue } from "@hamzasaleemorg/convex-kv/react";
import { type ReactNode, useEffect } from "react";
import { api } from "../convex/_generated/api.js";

/** What the user prefers, to see and to change: live, and shown before the server has answered. */
export function Preferences() {
  return (
    <main>
      <h1>Preferences</h1>
      <Theme />
      <TextSize />
      <All />
    </main>
  );
}

function Theme() {
  const [theme, { set, isLoading }] = useValue(api.prefs, ["theme"]);
  const other = theme === "dark" ? "light" : "dark";
  useEffect(() => {
    document.documentElement.dataset["theme"] = theme === "dark" ? "dark" : "light";
  }, [theme]);
  return (
    <Row label="Theme">
      <button disabled={isLoading} onClick={() => void set(other)}>
        Change to {other}
      </button>
    </Row>
  );
}

function TextSize() {
  const [size] = useValue(api.prefs, ["text", "size"]);
  const [increment] = useIncrement(api.prefs, ["text", "size"]);
  return (
    <Row label="Text size">
      <button onClick={() => void increment(-1)}>Smaller</button>
      <output>{size ?? "as usual"}</output>
      <button onClick={() => void increment(1)}>Larger</button>
    </Row>
  );
}

/** Every entry of the store, whatever wrote it. */
function All() {
  const { entries, status, loadMore } = useEntries(api.prefs, [], { initialNumItems: 20 });
  const { count } = useCount(api.prefs, []);
  return (
    <>
      <Row label={count === undefined ? "…" : `${count} entries`} />
      {entries.map(({ key, value }) => (
        <Row key={JSON.stringify(key)} label={<code>{key.join(" / ")}</code>}>
          <code>{JSON.stringify(value)}</code>
        </Row>
      ))}
      {status === "CanLoadMore" && <button onClick={() => loadMore()}>More</button>}
    </>
  );
}

function Row({ label, children }: { label: ReactNode; children?: ReactNode }) {
  return (
    <div className="row">
      <span>{label}</span>
      <span className="buttons">{children}</span>
    </div>
  );
}
