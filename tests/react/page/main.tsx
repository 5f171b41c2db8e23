import { ConvexProvider, ConvexReactClient } from "convex/react";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { App } from "./App.js";

const words = new URLSearchParams(location.search);
const client = new ConvexReactClient(words.get("backend")!, { logger: false });

createRoot(document.getElementById("root")!).render(
  <StrictMode>
    <ConvexProvider client={client}>
      <App screen={words.get("screen")!} />
    </ConvexProvider>
  </StrictMode>,
);
