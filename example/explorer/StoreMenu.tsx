import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { useMutation } from "convex/react";
import { Ellipsis } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover, Separator } from "react-aria-components";
import { api } from "../convex/_generated/api.js";
import { IconButton } from "./parts/IconButton.js";
import { entriesText } from "./parts/numbers.js";
import { tell, tellError } from "./parts/toasts.js";

interface Props {
  prefix: KeyPart[];
  onLoadMany(): void;
  onDelete(): void;
}

/** What is done now and then, to the store as a whole. */
export function StoreMenu({ prefix, onLoadMany, onDelete }: Props) {
  const vacuum = useMutation(api.explorer.vacuum);
  const loadSample = useMutation(api.explorer.loadSample);
  const actions = {
    sample: async () => tell(`Sample data loaded: ${entriesText(await loadSample())}`),
    many: async () => onLoadMany(),
    vacuum: async () => {
      const { count, jobId } = await vacuum();
      const more = jobId === undefined ? "" : "; the rest goes on in the background";
      tell(`Vacuum: ${entriesText(count)} that had expired deleted${more}`);
    },
    delete: async () => onDelete(),
  };
  return (
    <MenuTrigger>
      <IconButton icon={Ellipsis} label="More" />
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          onAction={(id) => void actions[id as keyof typeof actions]().catch(tellError)}
        >
          <MenuItem id="sample" className="menu-item">
            Load sample data
          </MenuItem>
          <MenuItem id="many" className="menu-item">
            Load 20,000 entries…
          </MenuItem>
          <MenuItem id="vacuum" className="menu-item">
            Run vacuum
          </MenuItem>
          <Separator className="menu-line" />
          <MenuItem id="delete" className="menu-item menu-danger">
            {prefix.length === 0 ? "Delete the whole store…" : "Delete all below this key…"}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
