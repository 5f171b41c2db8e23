// The set-up on machines that lack something, with apt-get played by the test.
import { expect, test, vi } from "vitest";
import { machine, missingPackages } from "../../tools/lib/packages.mjs";
import { checkNode, setUpMachine } from "../../tools/setup.mjs";

/** A machine that has these commands and headers, and whatever apt-get is told to install. */
function fakeMachine(commands, headers) {
  const calls = [];
  const has = new Set([...commands, ...headers]);
  const brings = { emscripten: "em++", "doctest-dev": "doctest/doctest.h" };
  return {
    calls,
    hasCommand: (name) => has.has(name),
    hasHeader: (name) => has.has(name),
    async runner(command, args) {
      calls.push([command, ...args].join(" "));
      for (const name of args) if (brings[name]) has.add(brings[name]);
    },
  };
}

const said = vi.spyOn(console, "log").mockImplementation(() => {});

const most = ["cmake", "ninja", "clang++", "clang-format", "clang-tidy", "python3", "apt-get"];
const headers = ["nlohmann/json.hpp", "fuzzer/FuzzedDataProvider.h"];

test("only what is missing is named, by its Debian package", () => {
  const lacking = fakeMachine(most, headers);
  expect(missingPackages(lacking)).toEqual(["emscripten", "doctest-dev"]);
  expect(missingPackages(fakeMachine([], []))).toEqual([
    "cmake",
    "ninja-build",
    "g++",
    "emscripten",
    "nlohmann-json3-dev",
    "doctest-dev",
    "clang-format",
    "clang-tidy",
    "python3",
    "clang",
    "libclang-rt-dev",
  ]);
});

test("a browser is missing only where one is needed", async () => {
  const whole = fakeMachine([...most, "em++"], [...headers, "doctest/doctest.h"]);
  expect(missingPackages(whole)).toEqual([]);
  expect(missingPackages(whole, { browser: true })).toEqual(["chromium-headless-shell"]);
  await setUpMachine(whole, true, whole.runner);
  expect(whole.calls).toEqual([]);
  await expect(setUpMachine(whole, false, whole.runner, { browser: true })).rejects.toThrow(
    "sudo apt-get update && sudo apt-get install -y --no-install-recommends chromium-headless-shell",
  );
});

test("this machine is looked at for real", () => {
  expect(missingPackages(machine)).toEqual([]);
  expect(machine.hasCommand("no-such-command")).toBe(false);
  expect(machine.hasHeader("no/such/header.hpp")).toBe(false);
});

test("root installs the missing, and nothing where nothing is missing", async () => {
  const lacking = fakeMachine(most, headers);
  await setUpMachine(lacking, true, lacking.runner);
  expect(lacking.calls).toEqual([
    "apt-get update",
    "apt-get install -y --no-install-recommends --no-remove emscripten doctest-dev",
  ]);
  expect(said.mock.calls).toEqual([["Set-up: installing emscripten doctest-dev with apt-get"]]);
  await setUpMachine(lacking, false, lacking.runner);
  expect(lacking.calls).toHaveLength(2);
});

test("without root it says what to install", async () => {
  const lacking = fakeMachine(most, headers);
  await expect(setUpMachine(lacking, false, lacking.runner)).rejects.toThrow(
    "sudo apt-get update && sudo apt-get install -y --no-install-recommends emscripten doctest-dev",
  );
  expect(lacking.calls).toEqual([]);
});

test("without apt-get it says what to install", async () => {
  const lacking = fakeMachine(["cmake"], []);
  await expect(setUpMachine(lacking, true, lacking.runner)).rejects.toThrow(
    /ninja-build g\+\+ emscripten .*your system's package manager/s,
  );
});

test("an install that brings nothing is a failure", async () => {
  const stuck = fakeMachine([...most, "em++"], ["doctest/doctest.h"]);
  await expect(setUpMachine(stuck, true, stuck.runner)).rejects.toThrow("nlohmann-json3-dev");
});

test("a Node.js that is too old is named", () => {
  expect(() => checkNode("18.20.4")).toThrow("this is 18.20.4");
  expect(() => checkNode("20.18.3")).toThrow("20.19");
  for (const version of ["20.19.0", "22.1.0", "26.0.0"]) checkNode(version);
});
