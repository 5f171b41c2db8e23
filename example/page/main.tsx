import { ConvexProvider, ConvexReactClient } from "convex/react";
import { createRoot } from "react-dom/client";
import { Preferences } from "./Preferences.js";

/** Where `npm run backend` listens. */
const LOCAL_BACKEND = "http://127.0.0.1:3210";

const backend = new URLSearchParams(location.search).get("backend") ?? LOCAL_BACKEND;

createRoot(document.getElementById("root")!).render(
  <ConvexProvider client={new ConvexReactClient(backend)}>
    <Preferences />
  </ConvexProvider>,
);
