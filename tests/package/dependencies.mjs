// What comes into an app with the package: nothing but itself.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";

const installScripts = ["preinstall", "install", "postinstall", "prepare"];

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Expects the package to bring no other: its peers are the app's own. */
export function dependsOnNothing() {
  const { dependencies, optionalDependencies, bundleDependencies, peerDependencies } = manifest;
  for (const brought of [dependencies, optionalDependencies, bundleDependencies]) {
    expect(brought === undefined, `It brings ${Object.keys(brought ?? {}).join(" ")}`);
  }
  return `its peers are ${Object.keys(peerDependencies).join(", ")}`;
}

/** Expects that nothing runs when the package is installed in `app`. */
export function nothingRunsOnInstall(app) {
  const path = `node_modules/${manifest.name}`;
  const { packages } = JSON.parse(readFileSync(join(app, "package-lock.json"), "utf8"));
  const { scripts = {}, gypfile } = JSON.parse(
    readFileSync(join(app, path, "package.json"), "utf8"),
  );
  const found = installScripts.filter((script) => script in scripts);
  const runs = found.length > 0 || gypfile || packages[path].hasInstallScript;
  expect(!runs, `${path} runs something when it is installed: ${found.join(" ")}`);
}
