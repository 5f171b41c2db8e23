import { ConvexProvider } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { App } from "./App.js";
import { ExplorerClient } from "./data/client.js";
import { configuration } from "./data/configuration.js";
import { storedKey } from "./data/key.js";
import { Gate } from "./Gate.js";
import { prepareEditors } from "./parts/editors.js";
import { applyTheme, storedTheme } from "./parts/theme.js";
import "./styles/index.css";

applyTheme(storedTheme());
// What goes wrong, the page itself tells of. And the key is part of what would be logged.
const client = new ExplorerClient(configuration.url, { logger: false });
client.pass(storedKey());

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <I18nProvider locale="en-GB">
      <ConvexProvider client={client}>
        <Gate client={client}>
          <App />
        </Gate>
      </ConvexProvider>
    </I18nProvider>
  </StrictMode>,
);

// For values and metadata: those of an entry, and those of the next one.
requestIdleCallback(() => prepareEditors(4));
