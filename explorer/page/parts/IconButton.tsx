import type { LucideIcon } from "lucide-react";
import { Button, Tooltip, TooltipTrigger, type ButtonProps } from "react-aria-components";

interface Props extends Omit<ButtonProps, "children" | "className"> {
  icon: LucideIcon;
  /** What it does: its name, and its tooltip. */
  label: string;
}

export function IconButton({ icon: Icon, label, ...props }: Props) {
  return (
    <TooltipTrigger delay={500}>
      <Button {...props} className="icon-button" aria-label={label}>
        <Icon size={16} aria-hidden />
      </Button>
      <Tooltip className="tooltip" offset={6}>
        {label}
      </Tooltip>
    </TooltipTrigger>
  );
}
