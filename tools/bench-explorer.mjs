// Measures the KV Explorer's page in Chromium on the development backend: what a click on a row
// costs it, and what its opening costs with few entries and with many. Prints medians, and never
// fails for being slow.
import { observe } from "../bench/explorer/work.mjs";
import { callsSince, pushApp, setEnvironment, startBackend } from "../dev/backend/client.mjs";
import { build } from "./build.mjs";
import { startBrowser } from "./lib/browser.mjs";
import { keyScript, serveExplorer } from "./lib/explorer.mjs";
import { root, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const USAGE = "Usage: npm run bench:explorer [-- --entries NUMBER]";
const KEY = "a key for measuring only";
const CLICKS = 30;
const OPENINGS = 5;
const FEW = 200;
/** So many are written at once. */
const PORTION = 2_000;

await runAsScript(import.meta.url, async (args) => {
  const entries = args.length === 0 ? 20_000 : Number(args[1]);
  const isUsage = args.length !== 0 && (args.length !== 2 || args[0] !== "--entries");
  if (isUsage || !(Number.isSafeInteger(entries) && entries > FEW)) {
    console.error(USAGE);
    process.exitCode = 2;
    return;
  }
  await setup({ browser: true });
  await build();
  const backend = await startBackend({ patience: 100 });
  const browsers = await startBrowser();
  try {
    await setEnvironment(backend, { KV_EXPLORER_KEY: KEY });
    await pushApp(backend, root);
    await measure(backend, browsers, entries);
  } finally {
    await browsers.close();
    await backend.stop();
  }
});

async function measure(backend, browsers, entries) {
  // Imported late, as all that needs node_modules.
  const { chromium } = await import("playwright-core");
  const { ConvexHttpClient } = await import("convex/browser");
  const { anyApi } = await import("convex/server");
  const client = new ConvexHttpClient(backend.url, { logger: false });
  const browser = await chromium.connect(browsers.wsEndpoint());
  const explorer = await serveExplorer({ url: backend.url });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await context.addInitScript(keyScript(backend.url, KEY));
  const fill = async (from, to) => {
    for (let at = from; at < to; at += PORTION) {
      const count = Math.min(PORTION, to - at);
      await client.mutation(anyApi.sample.loadMany, { prefix: ["many"], from: at, count });
    }
  };
  const opened = async (count) => {
    const taken = [];
    for (let i = 0; i < OPENINGS; i++) taken.push(await open(context, explorer.url, backend));
    print(`opening, ${count.toLocaleString("en")} entries`, taken);
  };

  await fill(0, FEW);
  await opened(FEW);
  await fill(FEW, entries);
  await opened(entries);
  await client.mutation(anyApi.sample.load, {});
  const [first, ...others] = await clicks(context, explorer.url);
  print("the first click on a row", [first]);
  print(`${others.length} more`, others);
  await explorer.stop();
}

/** Until the tree and the table are there, and the count of what is below the key. */
async function open(context, url, backend) {
  const before = (await callsSince(backend, 0)).at(-1).id;
  const page = await context.newPage();
  const { during } = await observe(page);
  const times = await during(() => page.goto(url), ".app", "100+");
  const calls = (await callsSince(backend, before)).filter(({ component }) => component === "");
  await page.close();
  const documents = calls.reduce((sum, { usage }) => sum + usage.documentsRead, 0);
  return { ...times, calls: calls.length, documents };
}

/** Rows of a table of 100, one after another. */
async function clicks(context, url) {
  const page = await context.newPage();
  const { during } = await observe(page);
  await page.goto(`${url}#${new URLSearchParams({ prefix: '["users"]' })}`);
  const taken = [];
  for (let i = 0; i < CLICKS; i++) {
    const name = new RegExp(`^u${1001 + (i % 10)}$`);
    const row = page.getByRole("grid", { name: /entries/i }).getByRole("row", { name });
    await row.waitFor();
    const { x, y, height } = await row.boundingBox();
    await page.mouse.move(x + 60, y + height / 2);
    const click = async () => {
      await page.mouse.down();
      await page.mouse.up();
    };
    // An address of its own is in each entry.
    taken.push(await during(click, ".detail", `.${i % 10}@example.com`));
  }
  await page.close();
  return taken;
}

function print(what, taken) {
  const median = (name) => {
    const sorted = taken.map((sample) => sample[name]).sort((a, b) => a - b);
    return Math.round(sorted[sorted.length >> 1]);
  };
  const times = ["work", "scripting", "style", "layout", "wait"].map((n) => `${n} ${median(n)} ms`);
  const counts = ["calls", "documents"]
    .filter((n) => n in taken[0])
    .map((n) => `${n} ${median(n)}`);
  console.log(`${what}: ${[...times, ...counts].join(", ")}`);
}
