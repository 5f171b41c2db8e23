import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { Separator } from "react-aria-components";
import { api } from "./data/api.js";
import { IconMenu, IconMenuItem } from "./parts/IconMenu.js";
import { entriesText } from "./parts/numbers.js";
import { tell, tellError } from "./parts/toasts.js";
import { Ellipsis } from "./parts/icons.js";

interface Props {
  prefix: KeyPart[];
  onDelete(): void;
}

/** What is done now and then, to the store as a whole. */
export function StoreMenu({ prefix, onDelete }: Props) {
  const vacuum = useMutation(api.explorer.vacuum);
  const actions = {
    vacuum: async () => {
      const { count, jobId } = await vacuum();
      const more = jobId === undefined ? "" : "; the rest goes on in the background";
      tell(`Vacuum: ${entriesText(count)} that had expired deleted${more}`);
    },
    delete: async () => onDelete(),
  };
  return (
    <IconMenu
      icon={Ellipsis}
      label="More"
      onAction={(id) => void actions[id as keyof typeof actions]().catch(tellError)}
    >
      <IconMenuItem id="vacuum" name="Run vacuum" />
      <Separator className="menu-line" />
      <IconMenuItem
        id="delete"
        name={prefix.length === 0 ? "Delete the whole store…" : "Delete all below this key…"}
        isDanger
      />
    </IconMenu>
  );
}
