import { ConvexProvider, ConvexReactClient } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { I18nProvider } from "react-aria-components";
import { App } from "./App.js";
import { setClock } from "./data/clock.js";
import { applyTheme, storedTheme } from "./parts/theme.js";
import "./styles/index.css";

/** Where `npm run backend` listens. */
const LOCAL_BACKEND = "http://127.0.0.1:3210";

applyTheme(storedTheme());
const client = new ConvexReactClient(import.meta.env.VITE_CONVEX_URL ?? LOCAL_BACKEND, {
  // What goes wrong, the page itself tells of.
  logger: false,
});
// Without an answer this browser's own time will do.
void setClock(client).catch(() => {});

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <I18nProvider locale="en-GB">
      <ConvexProvider client={client}>
        <App />
      </ConvexProvider>
    </I18nProvider>
  </StrictMode>,
);
