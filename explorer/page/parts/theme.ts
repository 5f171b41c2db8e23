/** "system" is as the machine has it. */
export type Theme = "system" | "light" | "dark";

const NAME = "convex-kv-explorer-theme";

export function storedTheme(): Theme {
  const stored = localStorage.getItem(NAME);
  return stored === "light" || stored === "dark" ? stored : "system";
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme;
  localStorage.setItem(NAME, theme);
}
