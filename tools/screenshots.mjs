// Makes the pictures that the documents show: of the KV Explorer, and of a page with the hooks for
// React (example/page). They go to docs/images.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { pushApp, setEnvironment, startBackend } from "../dev/backend/client.mjs";
import { build } from "./build.mjs";
import { keyScript, serveExplorer } from "./lib/explorer.mjs";
import { root, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const KEY = "a key for pictures only";

const pictures = [
  { name: "explorer-light", colorScheme: "light", width: 1280, height: 760 },
  { name: "explorer-dark", colorScheme: "dark", width: 1280, height: 760 },
  { name: "explorer-narrow", colorScheme: "light", width: 380, height: 760 },
];

const preferences = [
  [["language"], "en"],
  [["notifications", "email"], true],
  [["text", "size"], 14],
  [["theme"], "light"],
];

await runAsScript(import.meta.url, async () => {
  await setup({ browser: true });
  await build();
  const backend = await startBackend({ patience: 10 });
  try {
    await setEnvironment(backend, { KV_EXPLORER_KEY: KEY });
    await pushApp(backend, root);
    const explorer = await serveExplorer({ url: backend.url });
    await takeAll(backend.url, explorer.url);
    await explorer.stop();
  } finally {
    await backend.stop();
  }
});

async function takeAll(backend, explorer) {
  // Imported late, as all that needs node_modules.
  const { chromium } = await import("playwright-core");
  const { ConvexHttpClient } = await import("convex/browser");
  const { anyApi } = await import("convex/server");
  const { startBrowser } = await import("./lib/browser.mjs");
  const client = new ConvexHttpClient(backend, { logger: false });
  await client.mutation(anyApi.sample.load, {});
  mkdirSync(join(root, "docs/images"), { recursive: true });
  const server = await startBrowser();
  const browser = await chromium.connect(server.wsEndpoint());
  for (const { name, colorScheme, width, height } of pictures) {
    const isNarrow = width < 760;
    const page = await browser.newPage({ viewport: { width, height }, colorScheme });
    await page.addInitScript(keyScript(backend, KEY));
    const words = new URLSearchParams({ prefix: '["sessions"]' });
    await page.goto(`${explorer}#${words}`);
    const row = page.getByRole("grid", { name: "Entries" }).getByRole("row").nth(12);
    await row.waitFor();
    if (!isNarrow) {
      const tree = page.getByRole("treegrid", { name: "Keys" });
      for (const key of ["users", "types", "of key parts"]) {
        await tree
          .getByRole("row", { name: key, exact: true })
          .getByRole("button", { name: "Expand" })
          .click();
      }
      await row.click();
      await page.getByRole("textbox", { name: "Metadata" }).getByText("device").waitFor();
    }
    await page.mouse.move(width / 2, height - 5);
    await page.screenshot({ path: join(root, `docs/images/${name}.png`) });
    await page.close();
  }
  await takePreferences(browser, backend, client);
  await browser.close();
  await server.close();
}

async function takePreferences(browser, backend, client) {
  const { createServer } = await import("vite");
  const { anyApi } = await import("convex/server");
  for (const [key, value] of preferences) {
    await client.mutation(anyApi.prefs.set, { key, value });
  }
  const configFile = join(root, "example/page/vite.config.ts");
  const server = await createServer({ configFile, server: { port: 0 }, logLevel: "warn" });
  await server.listen();
  const page = await browser.newPage({ viewport: { width: 560, height: 400 } });
  const words = new URLSearchParams({ backend });
  await page.goto(`http://127.0.0.1:${server.httpServer.address().port}/?${words}`);
  await page.getByText("notifications / email").waitFor();
  await page.screenshot({ path: join(root, "docs/images/preferences.png") });
  await page.close();
  await server.close();
}
