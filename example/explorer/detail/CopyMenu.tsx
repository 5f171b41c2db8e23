import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { Copy } from "lucide-react";
import { Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { codeOfKey } from "../notation/code.js";
import { formatValue } from "../notation/format.js";
import { IconButton } from "../parts/IconButton.js";
import { tell, tellError } from "../parts/toasts.js";
import type { Value } from "convex/values";

/** Copies the key as code, or the value as it is shown. */
export function CopyMenu({ entryKey, value }: { entryKey: KeyPart[]; value: Value }) {
  const copies = {
    key: { name: "Copy the key as code", text: () => codeOfKey(entryKey) },
    get: { name: "Copy a call of get", text: () => `await store.get(ctx, ${codeOfKey(entryKey)})` },
    value: { name: "Copy the value", text: () => formatValue(value) },
  };
  const copy = async (id: keyof typeof copies) => {
    try {
      await navigator.clipboard.writeText(copies[id].text());
      tell("Copied");
    } catch (error) {
      tellError(error);
    }
  };
  return (
    <MenuTrigger>
      <IconButton icon={Copy} label="Copy" />
      <Popover className="popover" placement="bottom end">
        <Menu className="menu" onAction={(id) => void copy(id as keyof typeof copies)}>
          {Object.entries(copies).map(([id, { name }]) => (
            <MenuItem key={id} id={id} className="menu-item">
              {name}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
