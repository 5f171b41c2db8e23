import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { codeOfKey } from "../../notation/code.js";
import { formatValue } from "../../notation/format.js";
import { IconMenu, IconMenuItem } from "../parts/IconMenu.js";
import { tell, tellError } from "../parts/toasts.js";
import type { Value } from "convex/values";
import { Copy } from "../parts/icons.js";

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
    <IconMenu icon={Copy} label="Copy" onAction={(id) => void copy(id as keyof typeof copies)}>
      {Object.entries(copies).map(([id, { name }]) => (
        <IconMenuItem key={id} id={id} name={name} />
      ))}
    </IconMenu>
  );
}
