import { useExplorer } from "./data/explorer.js";
import { Choice } from "./parts/Choice.js";

/** Which of the app's components is shown, if there are several. */
export function ComponentMenu() {
  const { components, component, show } = useExplorer();
  if (components.length < 2) return null;
  return (
    <Choice
      label="Component"
      options={components.map((id) => ({ id, name: id }))}
      value={component}
      onChange={show}
    />
  );
}
