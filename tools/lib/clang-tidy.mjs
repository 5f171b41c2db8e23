// clang-tidy over the core, on every core of the machine. A file is looked at again only where it, a
// header of ours that it includes, its compile command or the rules have changed.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { filesBelow } from "./files.mjs";
import { Failure, root, run } from "./run.mjs";

const database = "build/native/compile_commands.json";
const cache = ".cache/clang-tidy.json";

/** Checks src/**; resolves with how many files were looked at, of how many. */
export async function clangTidy() {
  const commands = new Map(
    JSON.parse(readFileSync(join(root, database), "utf8")).map(({ file, command }) => [
      file,
      command,
    ]),
  );
  const rules = readFileSync(join(root, ".clang-tidy"), "utf8") + (await version());
  const files = filesBelow(["src"], (file) => file.endsWith(".cpp"));
  const passed = readCache();
  const queue = [];
  const now = {};
  for (const file of files) {
    const command = commands.get(join(root, file));
    if (command === undefined) throw new Failure(`${file} is not built by the native preset`);
    now[file] = hash([rules, command, ...contents(file)]);
    if (passed[file] !== now[file]) queue.push(file);
  }
  const looked = queue.length;
  const ok = Object.fromEntries(Object.entries(now).filter(([file]) => !queue.includes(file)));
  const failures = [];
  const worker = async () => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      try {
        await run(
          "clang-tidy",
          ["--quiet", "--config-file=.clang-tidy", "-p", dirname(database), file],
          { quiet: true },
        );
        ok[file] = now[file];
        writeCache(ok);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  writeCache(ok);
  if (failures.length > 0) throw failures[0];
  return { looked, of: files.length };
}

async function version() {
  return run("clang-tidy", ["--version"], { quiet: true });
}

// The file's text and that of each header of ours it includes, directly or not.
function contents(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const text = readFileSync(join(root, file), "utf8");
  const included = [...text.matchAll(/^#include "(.+)"$/gm)].map((match) =>
    join(dirname(file), match[1]),
  );
  return [
    text,
    ...included
      .filter((path) => existsSync(join(root, path)))
      .flatMap((path) => contents(path, seen)),
  ];
}

function hash(texts) {
  const sum = createHash("sha256");
  for (const text of texts) sum.update(text).update("\0");
  return sum.digest("hex");
}

function readCache() {
  const path = join(root, cache);
  return existsSync(path) ? JSON.parse(readFileSync(path, "utf8")) : {};
}

function writeCache(passed) {
  mkdirSync(join(root, dirname(cache)), { recursive: true });
  writeFileSync(join(root, cache), JSON.stringify(passed, null, 2));
}
