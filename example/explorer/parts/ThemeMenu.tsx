import { SunMoon } from "lucide-react";
import { useState } from "react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { IconButton } from "./IconButton.js";
import { applyTheme, storedTheme, type Theme } from "./theme.js";

const names: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export function ThemeMenu() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <MenuTrigger>
      <IconButton icon={SunMoon} label="Theme" />
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[theme]}
          onSelectionChange={(keys) => {
            const [next] = keys as Set<Theme>;
            if (!next) return;
            applyTheme(next);
            setTheme(next);
          }}
        >
          {Object.entries(names).map(([id, name]) => (
            <MenuItem key={id} id={id} className="menu-item">
              {name}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
