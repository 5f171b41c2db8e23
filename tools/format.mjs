// Formats every file, or with --check says which are not formatted.
import { filesBelow } from "./lib/files.mjs";
import { run, runAsScript, runBin } from "./lib/run.mjs";
import { setup } from "./setup.mjs";

const cpp = () =>
  filesBelow(["src", "bindings", "tests/cpp", "tests/simulation", "tests/fuzz", "bench"], (file) =>
    /\.(cpp|hpp)$/.test(file),
  );

export async function checkFormat() {
  await run("clang-format", ["--dry-run", "-Werror", ...cpp()]);
  await runBin("prettier/bin/prettier.cjs", [
    ...["--check", "--log-level", "warn", "."],
    ...["--cache", "--cache-strategy", "content", "--cache-location", ".cache/prettier"],
  ]);
}

async function format() {
  await run("clang-format", ["-i", ...cpp()]);
  await runBin("prettier/bin/prettier.cjs", ["--write", "--log-level", "warn", "."]);
}

await runAsScript(import.meta.url, async (args) => {
  await setup();
  await (args.includes("--check") ? checkFormat() : format());
});
