import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { Separator } from "react-aria-components";
import { api } from "./data/api.js";
import { useExplorer } from "./data/explorer.js";
import { IconMenu, IconMenuItem } from "./parts/IconMenu.js";
import { entriesText } from "./parts/numbers.js";
import { tell, tellError } from "./parts/toasts.js";
import { Ellipsis } from "./parts/icons.js";

/** The windows that the menu opens. */
export type StoreWindow = "export" | "import" | "move" | "copy" | "delete";

interface Props {
  prefix: KeyPart[];
  onOpen(window: StoreWindow): void;
}

/** What is done now and then, to the store as a whole or to all below a key. */
export function StoreMenu({ prefix, onOpen }: Props) {
  const { readOnly } = useExplorer();
  const vacuum = useMutation(api.explorer.vacuum);
  const runVacuum = async () => {
    try {
      const { count, jobId } = await vacuum();
      const more = jobId === undefined ? "" : "; the rest goes on in the background";
      tell(`Vacuum: ${entriesText(count)} that had expired deleted${more}`);
    } catch (error) {
      tellError(error);
    }
  };
  const isWhole = prefix.length === 0;
  return (
    <IconMenu
      icon={Ellipsis}
      label="More"
      onAction={(id) => (id === "vacuum" ? void runVacuum() : onOpen(id as StoreWindow))}
    >
      <IconMenuItem id="export" name={isWhole ? "Export the whole store…" : "Export…"} />
      {!readOnly && (
        <>
          <IconMenuItem id="import" name="Import…" />
          {!isWhole && (
            <>
              <Separator className="menu-line" />
              <IconMenuItem id="move" name="Move all below this key…" />
              <IconMenuItem id="copy" name="Copy all below this key…" />
            </>
          )}
          <Separator className="menu-line" />
          <IconMenuItem id="vacuum" name="Run vacuum" />
          <IconMenuItem
            id="delete"
            name={isWhole ? "Delete the whole store…" : "Delete all below this key…"}
            isDanger
          />
        </>
      )}
    </IconMenu>
  );
}
