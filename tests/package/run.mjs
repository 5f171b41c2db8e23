// Packs the package, installs it in an empty app outside the repository, and does there what a user
// does: type-check, run, bundle.
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../tools/build.mjs";
import { component } from "../../tools/lib/bundles.mjs";
import { Failure, attempt, binPath, root, run, runAsScript } from "../../tools/lib/run.mjs";
import { setup } from "../../tools/setup.mjs";
import { bundleComponent, loadOf } from "./bundle.mjs";
import { check, expect, passed } from "./checks.mjs";
import { declarations } from "./declarations.mjs";
import { leadsToSource } from "./definition.mjs";
import { dependsOnNothing, nothingRunsOnInstall } from "./dependencies.mjs";
import { install } from "./install.mjs";
import { publishable, typed } from "./lint.mjs";
import { installsWith } from "./managers.mjs";
import { compileWithSettings } from "./settings.mjs";
import { checkFiles, kilobytes, pack } from "./tarball.mjs";
import { inPairs } from "./toolchain.mjs";

// The budget for what a call of one component function loads: modules, and bytes beyond the convex
// library. The functions of point.ts are called most often.
const mostModules = 4;
const largestEntry = { "point.js": 50_000, others: 155_000 };

const newestTsc = binPath("typescript-7/bin/tsc");

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const pinned = manifest.devDependencies;
/** The export that needs React, and the oldest of these. */
const HOOKS = "./react";
const oldestReact = manifest.peerDependencies.react.match(/\d+\.\d+\.\d+/)[0];
const oldestConvex = manifest.peerDependencies.convex.replace("^", "");
const versions = (...names) => Object.fromEntries(names.map((name) => [name, pinned[name]]));

/** Throws at the first check that fails, and then keeps the app. */
export async function testPackage() {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-app-"));
  const [app, oldApp] = ["app", "old-app"].map((name) => join(folder, name));
  try {
    for (const copy of [app, oldApp]) {
      cpSync(join(root, "tests/package/app"), copy, { recursive: true });
    }
    const packed = await pack(folder);
    await checkFiles(packed);
    const { tarball } = packed;
    await check("publint finds nothing", () => publishable(tarball));
    await check("arethetypeswrong finds nothing", () => typed(tarball));
    const { typesAreExported, optionsMayBeUndefined } = declarations(manifest.exports);
    await check("every type in the signatures is exported", typesAreExported);
    await check("what may be left out may be undefined", optionsMayBeUndefined);
    await check("it depends on nothing but its peers", dependsOnNothing);
    await check("it installs in an empty app, with the oldest convex that it admits", async () => {
      await install(oldApp, [tarball, `convex@${oldestConvex}`]);
      await compile(oldApp, "convex");
      await importAll(oldApp, (path) => path !== HOOKS);
      return oldestConvex;
    });
    await check("only the hooks need React", async () => {
      const { code, output } = await attempt(...importing(oldApp, (path) => path === HOOKS));
      expect(code !== 0 && /Cannot find package 'react'/.test(output), () => output);
      await install(oldApp, [tarball, `convex@${oldestConvex}`, `react@${oldestReact}`]);
      await importAll(oldApp);
      return `React ${oldestReact}`;
    });
    await check("they are for clients", () => {
      const hooks = join(oldApp, "node_modules", manifest.name, manifest.exports[HOOKS].default);
      const isFirst = readFileSync(hooks, "utf8").startsWith('"use client";');
      expect(isFirst, () => `${hooks} does not begin with "use client"`);
    });
    await check("nothing of it runs on install", () => nothingRunsOnInstall(oldApp));
    // Those that the rest is tried with.
    const packages = versions("convex", "convex-test", "@types/node");
    await checkInstall("npm", app, tarball, packages);
    await check("all that it needs is there, with the newest convex tried", async () => {
      await run("npm", ["ls", "--all"], { cwd: app, quiet: true });
      return pinned.convex;
    });
    await check("the documented snippets type-check", () => compile(app, "convex"));
    await check("a wrong value does not", () => failToCompile(app));
    await check("the Convex CLI bundles the app", () => bundle(app));
    await check("the test helper type-checks", () => compile(app, "."));
    await check("an editor finds the source of a method", () =>
      leadsToSource(app, "convex/users.ts", "getAll(", "js/client/keyValueStore.ts"),
    );
    await check("it compiles with the settings that apps have", () => compileWithSettings(app));
    await inPairs(
      ["pnpm", "Yarn"].map((manager) => async () => {
        const other = join(folder, manager, "app");
        await checkInstall(manager, other, tarball, versions("convex", "convex-test"));
      }),
    );
    await runApp(app);
  } catch (error) {
    console.error(`The app is kept: ${app}`);
    throw error;
  }
  rmSync(folder, { recursive: true });
}

async function checkInstall(manager, app, tarball, packages) {
  await check(`${manager} installs it, without a word of warning or a second copy`, () =>
    installsWith(manager, app, tarball, packages),
  );
}

// Node.js links each module that the package exports or deploys, so a name that this convex does
// not have is found.
async function importAll(app, isMeant) {
  await run(...importing(app, isMeant));
}

function importing(app, isMeant = () => true) {
  const entries = Object.entries(manifest.exports).filter(
    ([path, target]) => typeof target === "object" && isMeant(path),
  );
  const specifiers = entries.map(([path]) => manifest.name + path.slice(1));
  const deployed = component().map(
    (file) => `./node_modules/${manifest.name}/dist/${file.replace(/\.ts$/, ".js")}`,
  );
  const script = [...specifiers, ...deployed].map((name) => `await import("${name}");`).join("\n");
  const args = ["--input-type=module", "--eval", script];
  return [process.execPath, args, { cwd: app, quiet: true }];
}

// By the newest TypeScript, which takes a tenth of the time; settings.mjs tries the others.
async function compile(app, project) {
  await run(process.execPath, [newestTsc, "-p", project], { cwd: app, quiet: true });
}

async function failToCompile(app) {
  const wrong = "wrong/wrong_value.ts";
  const lines = readFileSync(join(app, wrong), "utf8").split("\n");
  const line = lines.findIndex((text) => text.includes("{ name: 1 }"));
  const place = `${wrong}(${line + 1},${lines[line].indexOf("name") + 1})`;
  const tsc = [newestTsc, "-p", "wrong"];
  const { output } = await attempt(process.execPath, tsc, { cwd: app, quiet: true });
  const expected = `${place}: error TS2322: Type 'number' is not assignable to type 'string'.`;
  const errors = output.split("\n").filter((text) => / error TS/.test(text));
  expect(
    errors.length === 1 && errors[0] === expected,
    `Expected ${expected}\nbut tsc said: ${output}`,
  );
}

async function bundle(app) {
  const modules = await bundleComponent(app);
  const entries = modules.map(({ path }) => path).filter((path) => !path.startsWith("_deps/"));
  const loads = entries.map((entry) => ({ entry, ...loadOf(modules, entry) }));
  for (const { entry, modules, bytes } of loads) {
    const largest = largestEntry[entry] ?? largestEntry.others;
    expect(modules <= mostModules, `${entry} is ${modules} modules, over ${mostModules}`);
    expect(bytes <= largest, `${entry} is ${kilobytes(bytes)}, over ${kilobytes(largest)}`);
  }
  const [least, most] = ["point.js", "kv.js"].map((name) => {
    const { modules, bytes } = loads.find(({ entry }) => entry === name);
    return `${name} is ${modules} modules, ${kilobytes(bytes)} beyond the convex library`;
  });
  return `${least}; ${most}`;
}

// Only the app's own files are bundled: Node.js itself finds the packages.
async function runApp(app) {
  const fromConvex = createRequire(join(app, "node_modules/convex/package.json"));
  await fromConvex("esbuild").build({
    absWorkingDir: app,
    entryPoints: ["run.ts"],
    outfile: "run.mjs",
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "error",
  });
  const output = await run(process.execPath, ["run.mjs"], { cwd: app, quiet: true });
  const titles = [...output.matchAll(/^ok - (.+)$/gm)].map((match) => match[1]);
  if (titles.length === 0) throw new Failure("The app ran no check");
  titles.forEach(passed);
}

await runAsScript(import.meta.url, async () => {
  await setup();
  await build();
  await testPackage();
});
