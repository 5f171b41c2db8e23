import { JSDOM } from "jsdom";

// A document for React to render into. React looks for it when it is loaded: import this first.

const { window } = new JSDOM("<!doctype html>");
const { document, navigator } = window;
for (const [name, value] of Object.entries({ window, document, navigator })) {
  // Node.js has a navigator from version 21 on, and it cannot be assigned to.
  Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
}
