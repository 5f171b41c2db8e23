// Installs the package in an app with each package manager, as strictly as it can, and runs the
// app.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { attempt, binPath, root } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";
import { toolchain } from "./toolchain.mjs";

const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

// Each gives the copies of packages that it has installed, as "name@version".
const managers = {
  npm: async (app) => {
    const flags = ["--strict-peer-deps", "--prefer-offline", "--ignore-scripts", "--no-audit"];
    const output = await done(app, "npm", ["install", ...flags]);
    await done(app, process.execPath, ["app.mjs"]);
    const lock = JSON.parse(readFileSync(join(app, "package-lock.json"), "utf8"));
    const copies = Object.entries(lock.packages)
      .filter(([path, { optional }]) => path !== "" && !optional)
      .map(([path, { version }]) => `${path.replace(/^.*node_modules\//, "")}@${version}`);
    return { output, copies };
  },
  pnpm: async (app, modules) => {
    const pnpm = join(modules, "pnpm/bin/pnpm.cjs");
    // In a workspace, whose packages stand apart from the apps that have them.
    const workspace = dirname(app);
    writeFileSync(join(workspace, "package.json"), JSON.stringify({ private: true }));
    writeFileSync(join(workspace, "pnpm-workspace.yaml"), `packages: [${basename(app)}]\n`);
    const flags = [
      "--strict-peer-dependencies",
      "--config.hoist=false",
      "--prefer-offline",
      "--ignore-scripts",
    ];
    const output = await done(app, process.execPath, [pnpm, "install", ...flags]);
    await done(app, process.execPath, ["app.mjs"]);
    // If a package sees only what it names, so do its declarations.
    const strict = ["--skipLibCheck", "false", "--strict", "--noEmit", "--module", "NodeNext"];
    const tsc = binPath("typescript-7/bin/tsc");
    await done(app, process.execPath, [tsc, "app.ts", ...strict, "--target", "ES2022"]);
    const copies = readdirSync(join(workspace, "node_modules/.pnpm"))
      .filter((folder) => folder.includes("@"))
      .map((folder) => folder.replace(/_.*$/, "").replace("+", "/"));
    return { output, copies };
  },
  Yarn: async (app, modules) => {
    const yarn = join(modules, "@yarnpkg/cli-dist/bin/yarn.js");
    // Not a part of whatever project may be in a folder above.
    writeFileSync(join(app, "yarn.lock"), "");
    const env = { YARN_ENABLE_TELEMETRY: "0", YARN_ENABLE_IMMUTABLE_INSTALLS: "0" };
    const output = await done(app, process.execPath, [yarn, "install", "--mode=skip-build"], env);
    await done(app, process.execPath, [yarn, "node", "app.mjs"], env);
    const lock = readFileSync(join(app, "yarn.lock"), "utf8");
    const copies = [...lock.matchAll(/^ {2}resolution: "(@?[^@]+)@(npm|file):([^#"]+)/gm)].map(
      ([, name, , version]) => `${name}@${version}`,
    );
    return { output, copies };
  },
};

// What the package declares for tests names a type of `convex-test`.
const test = `
import { register } from "${name}/test";
import { convexTest } from "convex-test";
register(convexTest());
// @ts-expect-error Not a backend.
register({});
`;

/**
 * Installs the package in `app` with one of `managers`, beside other packages. Expects no warning
 * about it, and no second copy of anything. Resolves with how many packages there are then.
 */
export async function installsWith(manager, app, tarball, packages) {
  const modules = join(await toolchain(), "node_modules");
  mkdirSync(app, { recursive: true });
  copyFileSync(tarball, join(app, basename(tarball)));
  const dependencies = { [name]: `file:./${basename(tarball)}`, ...packages };
  const manifest = { name: "an-app", private: true, type: "module", dependencies };
  writeFileSync(join(app, "package.json"), JSON.stringify(manifest, null, 2));
  writeFileSync(join(app, "app.mjs"), `import "${name}";\nimport "${name}/validators";\n`);
  writeFileSync(join(app, "app.ts"), test);
  const { output, copies } = await managers[manager](app, modules);
  const words = output.split("\n").filter((line) => isWarning(line) && line.includes(name));
  expect(words.length === 0, `${manager}: ${words.join("\n")}`);
  const names = copies.map((copy) => copy.replace(/(?<=.)@.*$/, ""));
  expect(names.includes(name) && names.includes("convex"), `${manager}: ${copies.join(" ")}`);
  const twice = copies.filter((_, i) => names.indexOf(names[i]) !== names.lastIndexOf(names[i]));
  expect(twice.length === 0, `${manager} has more than one copy of ${twice.join(" ")}`);
  return `${copies.length} packages`;
}

function isWarning(line) {
  return /warn|deprecated|peer|YN0002|YN0060|YN0086/i.test(line);
}

async function done(app, command, args, env) {
  const { code, output } = await attempt(command, args, { cwd: app, quiet: true, env });
  expect(code === 0, `${[command, ...args].join(" ")} in ${app}:\n${output}`);
  return output;
}
