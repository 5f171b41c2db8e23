// The same sources must give the same WebAssembly to everyone. cmake/wasm.lock.json is what they
// gave when it was last recorded, and with which tools: with the same tools, the build has to give
// that again, wherever and whenever it is made. With others it is built a second time, in another
// directory, and compared with the first. `node tools/reproduce.mjs --record` builds twice and
// records.
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Failure, root, run, runAsScript } from "./lib/run.mjs";
import { buildWasm, modules } from "./lib/wasm.mjs";

// All that the WebAssembly is made of. What is missing here, the second build cannot find.
const sources = ["CMakeLists.txt", "CMakePresets.json", "cmake", "src", "bindings", "tools/wasm"];

const record = join(root, "cmake/wasm.lock.json");

/**
 * Expects the build to have run. Resolves with how the outcome was checked; throws if it is
 * another.
 */
export async function reproduceWasm() {
  const recorded = JSON.parse(readFileSync(record, "utf8"));
  const tools = await toolVersions();
  if (JSON.stringify(tools) !== JSON.stringify(recorded.tools)) {
    await buildAgain();
    return "a second build, with other tools than those recorded, makes the same";
  }
  const others = modules.filter((name) => hashOf(root, name) !== recorded.sha256[name]);
  if (others.length === 0) return "what was recorded";
  throw new Failure(
    `The build makes other WebAssembly than cmake/wasm.lock.json records: ${others.join(" ")}. ` +
      "If its sources have changed: node tools/reproduce.mjs --record",
  );
}

async function recordWasm() {
  await buildWasm();
  await buildAgain();
  const sha256 = Object.fromEntries(modules.map((name) => [name, hashOf(root, name)]));
  const content = { tools: await toolVersions(), sha256 };
  writeFileSync(record, `${JSON.stringify(content, null, 2)}\n`);
}

/** The versions of all that the bytes depend on beside the sources. */
async function toolVersions() {
  const firstLine = async (command, ...args) =>
    (await run(command, args, { quiet: true })).split("\n")[0].trim();
  const binaryen = await firstLine("em-config", "BINARYEN_ROOT");
  const llvm = await firstLine("em-config", "LLVM_ROOT");
  return {
    emscripten: await firstLine("em++", "--version"),
    clang: await firstLine(join(llvm, "clang++"), "--version"),
    binaryen: await firstLine(join(binaryen, "bin/wasm-opt"), "--version"),
    json: jsonVersion(),
  };
}

function jsonVersion() {
  const folder = join(root, "build/wasm/include/nlohmann");
  const text = ["detail/abi_macros.hpp", "detail/macro_scope.hpp", "json.hpp"]
    .map((file) => attemptToRead(join(folder, file)))
    .join("");
  const part = (name) => new RegExp(`define NLOHMANN_JSON_VERSION_${name} (\\d+)`).exec(text)?.[1];
  return ["MAJOR", "MINOR", "PATCH"].map(part).join(".");
}

function attemptToRead(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** Builds in another directory, and throws if that makes something else. */
async function buildAgain() {
  const folder = mkdtempSync(join(tmpdir(), "convex-kv-built-again-"));
  try {
    for (const name of sources) cpSync(join(root, name), join(folder, name), { recursive: true });
    // Neither the time zone nor the language of who builds may be in what is built.
    const env = { TZ: "Pacific/Chatham", LC_ALL: "C", SOURCE_DATE_EPOCH: "1" };
    await buildWasm({ cwd: folder, env });
    const others = modules.filter((name) => hashOf(folder, name) !== hashOf(root, name));
    if (others.length === 0) return;
    throw new Failure(
      `A second build, in another directory, makes other WebAssembly: ${others.join(" ")}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function hashOf(folder, name) {
  const bytes = readFileSync(join(folder, `js/core/generated/${name}.js`));
  return createHash("sha256").update(bytes).digest("hex");
}

await runAsScript(import.meta.url, async (args) => {
  const { values } = parseArgs({ args, options: { record: { type: "boolean" } } });
  if (values.record) await recordWasm();
  else console.log(`The WebAssembly is ${await reproduceWasm()}`);
});
