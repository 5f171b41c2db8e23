import { useState } from "react";
import { IconMenu, IconMenuItem } from "./IconMenu.js";
import { applyTheme, storedTheme, type Theme } from "./theme.js";
import { SunMoon } from "./icons.js";

const names: Record<Theme, string> = { system: "As the system", light: "Light", dark: "Dark" };

export function ThemeMenu() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <IconMenu
      icon={SunMoon}
      label="Theme"
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
        <IconMenuItem key={id} id={id} name={name} />
      ))}
    </IconMenu>
  );
}
