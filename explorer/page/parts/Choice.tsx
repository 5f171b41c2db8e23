import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";
import { ChevronDown } from "./icons.js";

interface Props<Id extends string> {
  label: string;
  options: readonly { id: Id; name: string }[];
  value: Id;
  onChange(value: Id): void;
}

/** One of a few. */
export function Choice<Id extends string>({ label, options, value, onChange }: Props<Id>) {
  return (
    <Select
      aria-label={label}
      className="choice"
      value={value}
      onChange={(id) => id !== null && onChange(id as Id)}
    >
      <Button className="button choice-button">
        <SelectValue />
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu" items={options}>
          {({ id, name }) => (
            <ListBoxItem id={id} className="menu-item">
              {name}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
