import { createContext, use } from "react";

/** What the app lets the page look at and do. */
export interface Explorer {
  /** The names of its components: one at least. */
  components: string[];
  /** The one that is shown. */
  component: string;
  /** Whether nothing may be written. */
  readOnly: boolean;
  /** Shows another component, from its root on. */
  show(component: string): void;
}

export const ExplorerContext = createContext<Explorer | undefined>(undefined);

export function useExplorer(): Explorer {
  const explorer = use(ExplorerContext);
  if (!explorer) throw new Error("There is no ExplorerContext around this.");
  return explorer;
}
