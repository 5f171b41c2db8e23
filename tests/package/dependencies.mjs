// What comes with the package, by package-lock.json: the packages that it depends on, and those that
// they do. `convex` is a peer and the app's own.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";

const known = "tests/package/dependencies.json";
const installScripts = ["preinstall", "install", "postinstall", "prepare"];

const read = (file) => JSON.parse(readFileSync(join(root, file), "utf8"));

/**
 * Expects these packages, with their versions and contents, to be those that dependencies.json lists.
 * So none comes or changes unseen, where the registry's audit cannot be asked.
 */
export function knownDependencies() {
  const shipped = dependencies();
  const listed = read(known);
  const names = [...new Set([...Object.keys(shipped), ...Object.keys(listed)])].sort();
  const changed = names.filter(
    (name) =>
      listed[name]?.version !== shipped[name]?.version ||
      listed[name]?.integrity !== shipped[name]?.integrity,
  );
  expect(
    changed.length === 0,
    `Not as ${known} has it: ${changed.join(" ")}.\n` +
      `Look at what has changed, run "npm run audit", and list there: ` +
      JSON.stringify(shipped, null, 2),
  );
  const unsure = names.filter((name) => !/^sha512-/.test(shipped[name].integrity ?? ""));
  expect(unsure.length === 0, `package-lock.json has no SHA-512 of ${unsure.join(" ")}`);
  return names.map((name) => `${name} ${shipped[name].version}`).join(", ");
}

/** Expects that nothing runs when the package is installed in `app`, neither its own nor of what it needs. */
export function nothingRunsOnInstall(app) {
  const { name } = read("package.json");
  const { packages } = JSON.parse(readFileSync(join(app, "package-lock.json"), "utf8"));
  const installed = [`node_modules/${name}`, ...closure(packages, `node_modules/${name}`)];
  for (const path of installed) {
    const { scripts = {}, gypfile } = JSON.parse(
      readFileSync(join(app, path, "package.json"), "utf8"),
    );
    const found = installScripts.filter((script) => script in scripts);
    const runs = found.length > 0 || gypfile || packages[path].hasInstallScript;
    expect(!runs, `${path} runs something when it is installed: ${found.join(" ")}`);
  }
  return `${installed.length} packages`;
}

/** The dependencies by name, with `{version, integrity}`. */
function dependencies() {
  const { packages } = read("package-lock.json");
  return Object.fromEntries(
    closure(packages, "").map((path) => {
      const { version, integrity } = packages[path];
      return [path.slice("node_modules/".length), { version, integrity }];
    }),
  );
}

/** Where those are that the package at `from` depends on, and they on. Peers are others' business. */
function closure(packages, from) {
  const seen = new Set();
  const visit = (path) => {
    const { dependencies = {}, optionalDependencies = {} } = packages[path];
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
      const found = locate(packages, path, name);
      if (found in packages && !seen.has(found)) visit((seen.add(found), found));
    }
  };
  visit(from);
  return [...seen].sort();
}

/** As Node.js finds it: in the nearest node_modules. */
function locate(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, folder.lastIndexOf("/node_modules/"))) {
    const path = `${folder === "" ? "" : `${folder}/`}node_modules/${name}`;
    if (path in packages || !folder.includes("/node_modules/")) {
      return path in packages ? path : `node_modules/${name}`;
    }
  }
}
