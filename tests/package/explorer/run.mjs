// Packs the KV Explorer, and does with it in an empty app what its documents say: a file of
// functions, a key, and `npx`. A browser looks at what comes of it.
import { spawn } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import {
  cliEnvironment,
  pushApp,
  setEnvironment,
  startBackend,
} from "../../../dev/backend/client.mjs";
import { PATIENCE } from "../../../dev/backend/testing/limits.mjs";
import { build } from "../../../tools/build.mjs";
import { startBrowser } from "../../../tools/lib/browser.mjs";
import { packExplorer } from "../../../tools/lib/explorer.mjs";
import { Failure, binPath, root, run, runAsScript } from "../../../tools/lib/run.mjs";
import { setup } from "../../../tools/setup.mjs";
import { check, expect } from "../checks.mjs";
import { install } from "../install.mjs";
import { publishable } from "../lint.mjs";
import { kilobytes, pack } from "../tarball.mjs";

const KEY = "the key of the tests, which is secret";
const NAME = "KV_EXPLORER_KEY";
const VALUE = "what the entry holds";

const { version, devDependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const convex = `convex@${devDependencies.convex}`;

/** Throws at the first check that fails. */
export async function testExplorerPackage() {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-explorer-"));
  const [app, npx] = ["app", "npx"].map((name) => join(folder, name));
  const stops = [];
  try {
    const { tarball } = await packExplorer();
    await check("the explorer's tarball holds what it needs and nothing else", () =>
      holds(tarball),
    );
    await check("publint finds nothing in it", () => publishable(tarball));
    await check("npx installs one package", async () => {
      mkdirSync(npx);
      writeFileSync(join(npx, "package.json"), "{}");
      await install(npx, [tarball]);
      const installed = readdirSync(join(npx, "node_modules")).filter((name) => name[0] !== ".");
      expect(installed.join() === "@hamzasaleemorg", `It has brought ${installed.join(" ")}`);
    });
    const backend = await startBackend({ patience: PATIENCE });
    stops.push(() => backend.stop());
    const cli = join(app, "node_modules/convex/bin/main.js");
    cpSync(join(root, "tests/package/explorer/app"), app, { recursive: true });
    await check(
      "an app has its functions in one file, which type-checks, and the CLI pushes",
      async () => {
        const component = await pack(folder);
        await install(app, [component.tarball, convex]);
        const env = cliEnvironment(backend);
        const codegen = [cli, "codegen", "--typecheck", "disable"];
        await run(process.execPath, codegen, { cwd: app, env, quiet: true });
        await typeCheck(app);
        await pushApp(backend, app, { cli });
      },
    );
    const browser = await startBrowser();
    stops.push(() => browser.close());
    const connection = await chromium.connect(browser.wsEndpoint());
    const program = join(npx, "node_modules/.bin/convex-kv-explorer");
    const start = async (args, cwd = folder) => {
      const started = await startProgram(program, args, cwd);
      stops.push(started.stop);
      return started;
    };
    await checkProgram({ program, folder, backend, start });
    await checkCommands({ program, app, backend });
    await checkPage({ backend, connection, start });
    await checkOptions({ backend, connection, start });
  } finally {
    for (const stop of stops.reverse()) await stop();
    rmSync(folder, { recursive: true });
  }
}

async function holds(tarball) {
  const list = await run("tar", ["-tzf", tarball], { quiet: true });
  const files = list
    .trim()
    .split("\n")
    .map((path) => path.replace("package/", ""));
  const papers = ["LICENSE", "README.md", "package.json", "dist/THIRD-PARTY-LICENSES.txt"];
  const expected = [...papers, "dist/main.js", "dist/page/index.html"];
  const missing = expected.filter((path) => !files.includes(path));
  const others = files.filter((path) => !expected.includes(path));
  const needless = others.filter(
    (path) => !/^dist\/page\/assets\/\w+-[\w-]+\.(js|css|svg)$/.test(path),
  );
  expect(missing.length === 0, `Not in the tarball: ${missing.join(" ")}`);
  expect(needless.length === 0, `Needless in the tarball: ${needless.join(" ")}`);
  const manifest = JSON.parse(
    await run("tar", ["-xzOf", tarball, "package/package.json"], { quiet: true }),
  );
  expect(manifest.version === version, `It is of ${manifest.version}, the component of ${version}`);
  expect(!manifest.private && !manifest.dependencies, "It is private, or depends on something");
  const licence = await run("tar", ["-xzOf", tarball, "package/LICENSE"], { quiet: true });
  expect(licence === readFileSync(join(root, "LICENSE"), "utf8"), "Its licence is another");
  const notices = await run("tar", ["-xzOf", tarball, `package/${papers[3]}`], { quiet: true });
  for (const name of ["convex", "react", "react-dom", "react-aria-components", "commander"]) {
    expect(new RegExp(`^${name} \\d`, "m").test(notices), `${name}'s licence is missing`);
  }
  return `${files.length} files, ${kilobytes(readFileSync(tarball).length)} packed`;
}

async function typeCheck(app) {
  const settings = {
    ...{ target: "ES2022", lib: ["ES2022", "DOM"], module: "ESNext", moduleResolution: "Bundler" },
    ...{ strict: true, noEmit: true, skipLibCheck: false, types: [] },
  };
  const config = { compilerOptions: settings, include: ["convex"] };
  writeFileSync(join(app, "tsconfig.json"), JSON.stringify(config));
  await run(process.execPath, [binPath("typescript-7/bin/tsc"), "-p", "."], {
    cwd: app,
    quiet: true,
  });
}

/** Runs the program in `cwd`, with no more of an environment than it needs. */
function spawnProgram(program, args, cwd, variables = {}) {
  const env = { PATH: process.env.PATH, ...variables };
  return spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
}

async function startProgram(program, args, cwd) {
  const child = spawnProgram(program, [...args, "--no-open"], cwd);
  const started = { output: "", url: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (started.output += text));
  }
  while (!started.url) {
    await Promise.race([once(child.stdout, "data"), once(child, "close")]);
    if (child.exitCode !== null) throw new Failure(`It ended: ${started.output}`);
    started.url = /http:\/\/127\.0\.0\.1:\d+\//.exec(started.output)?.[0] ?? "";
  }
  started.stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const ended = once(child, "exit");
    child.kill("SIGINT");
    await ended;
    return child.exitCode;
  };
  return started;
}

/** How the program ends, and what it says. */
async function endOf(program, args, cwd, variables) {
  const child = spawnProgram(program, args, cwd, variables);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => (output += text));
  }
  const [code] = await once(child, "close");
  return { code, output };
}

async function checkProgram({ program, folder, backend, start }) {
  const says = async (args, code, text, variables) => {
    const end = await endOf(program, [...args, "--no-open"], folder, variables);
    expect(
      end.code === code,
      `${args.join(" ")} ended with ${end.code}, not ${code}: ${end.output}`,
    );
    expect(text.test(end.output), `${args.join(" ")} says: ${end.output}`);
  };
  const url = ["--url", backend.url];
  await check("it says what is wrong with a call", async () => {
    await says([], 2, /Which deployment\? .*\.env\.local/s);
    await says(["--url", "convex.cloud"], 2, /"convex.cloud" is no URL of a deployment/);
    await says([...url, "--port", "65536"], 2, /from 0 to 65535/);
    await says([...url, "--module", "../x"], 2, /"admin\/explorer"/);
    await says(["nonsense"], 2, /There is no command "nonsense"/);
    await says(["--help"], 0, /Usage: convex-kv-explorer/);
  });
  await check("it says so if its port is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    const { port } = other.address();
    await says([...url, "--port", String(port)], 1, new RegExp(`listens on port ${port}`));
    other.close();
    await once(other, "close");
    const { url: address, stop } = await start([...url, "--port", String(port)]);
    expect(address === `http://127.0.0.1:${port}/`, `It is at ${address}`);
    const code = await stop();
    expect(code === 0, `After Ctrl-C it ends with ${code}`);
  });
  await check("it finds the deployment in .env.local, and --url goes before that", async () => {
    const other = join(folder, "other");
    mkdirSync(other);
    const lines = [
      "# as npx convex dev writes it",
      "CONVEX_DEPLOYMENT=dev:happy-animal-123 # team",
    ];
    const text = [...lines, "", "VITE_CONVEX_URL=https://happy-animal-123.convex.cloud", ""].join(
      "\n",
    );
    writeFileSync(join(other, ".env.local"), text);
    const isFor = async (args, deployment) => {
      const { url: address, stop } = await start(args, other);
      const page = await (await fetch(address)).text();
      expect(
        page.includes(`content="${deployment}"`),
        `The page is not for ${deployment}: ${page}`,
      );
      await stop();
    };
    await isFor([], "https://happy-animal-123.convex.cloud");
    await isFor(["serve"], "https://happy-animal-123.convex.cloud");
    await isFor(url, backend.url);
  });
}

async function checkCommands({ program, app, backend }) {
  const secret = backend.adminKey;
  const said = [];
  const call = async (args, expected, code = 0) => {
    const end = await endOf(program, args, app, { HOME: app });
    said.push(end.output);
    const isRight = end.code === code && expected.test(end.output);
    expect(isRight, `${args.join(" ")} ended with ${end.code}: ${end.output}`);
  };
  await check("commands work on the deployment in .env.local, by its admin key", async () => {
    await call(["ls"], /Which deployment\?/, 2);
    const variables = {
      CONVEX_SELF_HOSTED_URL: backend.url,
      CONVEX_SELF_HOSTED_ADMIN_KEY: secret,
    };
    const lines = Object.entries(variables).map(([name, value]) => `${name}='${value}'\n`);
    writeFileSync(join(app, ".env.local"), lines.join(""));
    await call(["set", 'commands/42n/"7"', '{ "n": 1 }'], /^$/);
    await call(["get", 'commands/42n/"7"'], /^\{\s+"n": 1\s+\}\n$/);
    await call(["ls", "commands", "--json"], /"part":\{"\$integer":"KgAAAAAAAAA="\}/);
    const file = join(app, "commands.ndjson");
    await call(["export", "commands", "-o", file], /^Exported 1 entry, /);
    expect(readFileSync(file, "utf8").includes('"7"'), "The entry was not exported");
    await call(["rm", "-r", "commands"], /--yes/, 2);
    await call(["rm", "-r", "commands", "--yes"], /^Deleted 1 entry\.\n$/);
    await call(["import", file], /^Imported 1 entry/);
    await call(["get", 'commands/42n/"7"', "--component", "sessionsKv"], /no entry/i, 1);
    await call(["count", "commands"], /^1\n$/);
    await call(["rm", 'commands/42n/"7"'], /^Deleted /);
    rmSync(join(app, ".env.local"));
    expect(!said.join("").includes(secret), "The admin key was printed");
  });
}

async function checkPage({ backend, connection, start }) {
  const explorer = await start(["--url", backend.url]);
  const context = await connection.newContext();
  const said = [];
  const asked = [];
  const watch = (page) => {
    page.on("console", (message) => said.push(message.text()));
    page.on("pageerror", (error) => said.push(String(error)));
    page.on("request", (request) => asked.push(request.url()));
    page.on("websocket", (socket) => asked.push(socket.url()));
    return page;
  };
  const page = watch(await context.newPage());
  const field = page.getByLabel("Key", { exact: true });
  const sees = (text, on = page) => on.getByText(text).first().waitFor();

  await check("without a key the page says how to set one, and is told when it is", async () => {
    await page.goto(explorer.url);
    await sees("npx convex env set KV_EXPLORER_KEY");
    await setEnvironment(backend, { [NAME]: "short" });
    await sees("too short to be safe");
    await setEnvironment(backend, { [NAME]: KEY });
    await field.waitFor();
  });
  const client = new ConvexHttpClient(backend.url, { logger: false });
  const call = (type, name, args) =>
    client[type](makeFunctionReference(name), { secret: KEY, ...args });
  await call("mutation", "explorer:create", { key: ["seen"], value: VALUE });

  await check("a wrong key is told, and asked for again", async () => {
    const type = await field.getAttribute("type");
    expect(type === "password", `The key's field is of type ${type}`);
    await field.fill(`${KEY}!`);
    await field.press("Enter");
    await sees("This is not the deployment's KV_EXPLORER_KEY.");
    expect((await storage(page)).session.length === 0, "A wrong key is kept");
  });
  await check("with the key an entry is shown, after a reload too", async () => {
    await field.fill(KEY);
    await page.getByRole("button", { name: "Open" }).click();
    await sees(VALUE);
    await page.reload();
    await sees(VALUE);
    const { session } = await storage(page);
    expect(session.length === 1 && session[0].includes(KEY), `The tab keeps ${session}`);
  });
  await check("another tab asks for itself", async () => {
    const other = watch(await context.newPage());
    await other.goto(explorer.url);
    await other.getByLabel("Key", { exact: true }).waitFor();
    expect((await other.getByText(VALUE).count()) === 0, "It shows an entry");
    await other.close();
    const [popup] = await Promise.all([
      context.waitForEvent("page"),
      page.evaluate("void open(location.href)"),
    ]);
    await watch(popup).getByLabel("Key", { exact: true }).waitFor();
    expect((await storage(popup)).session.length === 0, "It has the first one's key");
    await popup.close();
  });
  await check(
    "the key is in no address, in no log, and in no storage that outlives the tab",
    async () => {
      const { local } = await storage(page);
      const stored = [...local, JSON.stringify(await context.cookies()), page.url()];
      const all = [...stored, ...said, ...asked, explorer.output];
      const isThere = (text) => [KEY, encodeURIComponent(KEY)].some((form) => text.includes(form));
      expect(!all.some(isThere), `It is in ${all.find(isThere)}`);
      const databases = await page.evaluate("indexedDB.databases()");
      expect(databases.length === 0, "It has a database");
      // What the page is served with, and its deployment; nobody else.
      const own = [explorer.url, backend.url, backend.url.replace("http", "ws")];
      const others = asked.filter((url) => !own.some((start) => url.startsWith(start)));
      expect(others.length === 0, `It asks ${others.join(" ")}`);
      expect(said.length === 0, `The console says: ${said.join("\n")}`);
    },
  );
  await check("a key that changes is asked for anew", async () => {
    await setEnvironment(backend, { [NAME]: `another ${KEY}` });
    await field.waitFor();
    expect((await page.getByText(VALUE).count()) === 0, "The entry is still there");
    expect((await storage(page)).session.length === 0, "The old key is kept");
    await setEnvironment(backend, { [NAME]: KEY });
    await sees(VALUE);
  });
  await context.close();
}

async function checkOptions({ backend, connection, start }) {
  const client = new ConvexHttpClient(backend.url, { logger: false });
  const call = (type, name, args) =>
    client[type](makeFunctionReference(name), { secret: KEY, ...args });
  await check("another module, with two components to look at only", async () => {
    const { readOnly, components } = await call("query", "admin/explorer:info", {});
    expect(readOnly && components.join() === "convexKv,sessionsKv", "info says something else");
    const refused = await call("mutation", "admin/explorer:create", { key: ["a"], value: 1 }).catch(
      (error) => error.data?.code,
    );
    expect(refused === "read_only", `A write ends with ${refused}`);
    const explorer = await start(["--url", backend.url, "--module", "convex/admin/explorer.ts"]);
    const page = await connection.newPage();
    await page.goto(explorer.url);
    await page.getByLabel("Key", { exact: true }).fill(KEY);
    await page.keyboard.press("Enter");
    await page.getByText(VALUE).first().waitFor();
    await page.close();
    const entry = { key: ["seen"] };
    const here = await call("query", "admin/explorer:entry", { ...entry, component: "convexKv" });
    const there = await call("query", "admin/explorer:entry", {
      ...entry,
      component: "sessionsKv",
    });
    expect(here?.value === VALUE && there === null, "The components are one");
  });
  await check("a module that is not there is told", async () => {
    const explorer = await start(["--url", backend.url, "--module", "nowhere"]);
    const page = await connection.newPage();
    await page.goto(explorer.url);
    await page.getByText("nowhere").first().waitFor();
    await page.getByText("explorerApi").first().waitFor();
    await page.close();
  });
}

async function storage(page) {
  const entries = (name) =>
    page.evaluate(`Object.entries(${name}).map((entry) => entry.join("="))`);
  return { session: await entries("sessionStorage"), local: await entries("localStorage") };
}

await runAsScript(import.meta.url, async () => {
  await setup({ browser: true });
  await build();
  await testExplorerPackage();
});
