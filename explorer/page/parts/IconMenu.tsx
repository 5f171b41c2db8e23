import type { LucideIcon } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover, type MenuProps } from "react-aria-components";
import { IconButton } from "./IconButton.js";

interface Props extends Omit<MenuProps<object>, "className"> {
  icon: LucideIcon;
  label: string;
}

/** A menu behind an icon. */
export function IconMenu({ icon, label, ...menu }: Props) {
  return (
    <MenuTrigger>
      <IconButton icon={icon} label={label} />
      <Popover className="popover" placement="bottom end">
        <Menu {...menu} className="menu" />
      </Popover>
    </MenuTrigger>
  );
}

export function IconMenuItem({ id, name, isDanger }: ItemProps) {
  return (
    <MenuItem id={id} className={isDanger ? "menu-item menu-danger" : "menu-item"}>
      {name}
    </MenuItem>
  );
}

interface ItemProps {
  id: string;
  name: string;
  /** Whether it destroys something. */
  isDanger?: boolean;
}
