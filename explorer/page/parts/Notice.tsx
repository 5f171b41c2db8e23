import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface Props {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  tone?: "error";
}

/** What is shown if there is nothing else to show: an empty state, or an error. */
export function Notice({ icon: Icon, title, children, tone }: Props) {
  return (
    <div className="notice" data-tone={tone} role={tone === "error" ? "alert" : undefined}>
      <Icon size={24} strokeWidth={1.5} aria-hidden />
      <p className="notice-title">{title}</p>
      {children && <div className="notice-text">{children}</div>}
    </div>
  );
}
