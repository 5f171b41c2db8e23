// Writes the `_generated` folders of the component and of the example app, as Convex's CLI does
// against a development backend. `node tools/codegen.mjs --check`, a stage of `npm test`, fails if
// what is there is something else, and leaves it as it is.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { cliEnvironment, cliPath, startBackend } from "../dev/backend/client.mjs";
import { filesBelow } from "./lib/files.mjs";
import { Failure, attempt, root, runAsScript } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const folders = ["convex/_generated", "example/convex/_generated"];

export async function codegen() {
  const backend = await startBackend();
  try {
    await generate(backend, ["--component-dir", "convex"]);
    await generate(backend, []);
  } finally {
    await backend.stop();
  }
}

async function generate(backend, more) {
  const args = [cliPath(), "codegen", "--typecheck", "disable", ...more];
  const settings = { quiet: true, env: cliEnvironment(backend) };
  const { code, output } = await attempt(process.execPath, args, settings);
  if (code !== 0) throw new Failure(`The CLI generates no code (exit code ${code}):\n${output}`);
}

/** Throws if the folders are not as the CLI generates them. */
export async function checkCodegen() {
  const before = contents();
  let after;
  try {
    await codegen();
    after = contents();
  } finally {
    for (const [file, text] of before) writeFileSync(join(root, file), text);
  }
  const files = [...new Set([...before.keys(), ...after.keys()])];
  const others = files.filter((file) => before.get(file) !== after.get(file));
  if (others.length === 0) return;
  throw new Failure(`Not as the CLI generates it: ${others.join(" ")}. Run: npm run codegen`);
}

function contents() {
  const files = filesBelow(folders, () => true);
  return new Map(files.map((file) => [file, readFileSync(join(root, file), "utf8")]));
}

await runAsScript(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { check: { type: "boolean" } } });
  await setup();
  await (values.check ? checkCodegen() : codegen());
});
