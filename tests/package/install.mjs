// Installs packages in an app outside the repository, as a user would.
import { run } from "../../tools/lib/run.mjs";

/** Installs tarballs and packages. Fails if a dependency is missing or a peer does not fit. */
export async function install(app, packages) {
  const flags = ["--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...flags, ...packages], { cwd: app, quiet: true });
  await run("npm", ["ls", "--all"], { cwd: app, quiet: true });
}
