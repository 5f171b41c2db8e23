// What the project needs beyond Node.js, and which Debian package brings it.
import { accessSync, constants, existsSync, readdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";

/** The one that is wanted first: the shell, which has no window at all, takes a third less time. */
export const BROWSERS = ["chromium-headless-shell", "chromium"];

// Each needs any one of its commands, or its header.
const needs = [
  { name: "cmake", commands: ["cmake"] },
  { name: "ninja-build", commands: ["ninja"] },
  { name: "g++", commands: ["g++", "clang++"] },
  { name: "emscripten", commands: ["em++"] },
  { name: "nlohmann-json3-dev", header: "nlohmann/json.hpp" },
  { name: "doctest-dev", header: "doctest/doctest.h" },
  { name: "clang-format", commands: ["clang-format"] },
  { name: "clang-tidy", commands: ["clang-tidy"] },
  { name: "python3", commands: ["python3"] },
  { name: "clang", commands: ["clang++"] },
  { name: "libclang-rt-dev", header: "fuzzer/FuzzedDataProvider.h" },
  { name: "chromium-headless-shell", commands: BROWSERS, isForBrowser: true },
];

/** Looks on this machine: at PATH for commands, in the compilers' usual folders for headers. */
export const machine = {
  hasCommand: (name) => findCommand(name) !== undefined,
  hasHeader: (name) =>
    [
      ...["/usr/include", "/usr/local/include", ...clangsIncludes()],
      ...(process.env.CPATH ?? "").split(delimiter),
    ].some((dir) => dir !== "" && existsSync(join(dir, name))),
};

/** The program of this name at PATH; undefined: there is none. */
export function findCommand(name) {
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find(isProgram);
}

/** Where Clang has headers of its own: a folder for each version. */
function clangsIncludes() {
  const versions = "/usr/lib/clang";
  if (!existsSync(versions)) return [];
  return readdirSync(versions).map((version) => join(versions, version, "include"));
}

/**
 * Names of the Debian packages that bring what `probe` does not find. A browser is needed only if
 * `browser` says so: for the tests of the KV Explorer, and its screenshots.
 */
export function missingPackages(probe, { browser = false } = {}) {
  return needs
    .filter(({ isForBrowser = false }) => browser || !isForBrowser)
    .filter(({ commands, header }) =>
      header ? !probe.hasHeader(header) : !commands.some((command) => probe.hasCommand(command)),
    )
    .map(({ name }) => name);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
