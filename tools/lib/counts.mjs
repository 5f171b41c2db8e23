// How many tests ran, read from what the runners write down. A test that was skipped is a failure:
// it says nothing. Each answers undefined if the runner wrote nothing down.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "./run.mjs";

/**
 * CTest's tests, from its JUnit file. One that runs a case of doctest's by its name must have found
 * it: doctest passes if no case has the name.
 */
export function ctestCounts(path) {
  const text = contentOf(path);
  if (text === undefined) return undefined;
  const tests = [...text.matchAll(/<testcase [^>]*status="(\w+)"[^>]*>([\s\S]*?)<\/testcase>/g)];
  return sum(
    path,
    tests.map(([, status, output]) => doctestCounts(output) ?? one(status)),
  );
}

function doctestCounts(output) {
  // "Skipped" are the cases of other names.
  const line = /\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed/.exec(output);
  return line ? { passed: line[1], failed: line[2], skipped: 0 } : undefined;
}

function one(status) {
  const [passed, failed] = status === "run" ? [1, 0] : [0, 1];
  return { passed, failed, skipped: 0 };
}

/** Vitest's tests, from its JSON report. */
export function vitestCounts(path) {
  const text = contentOf(path);
  if (text === undefined) return undefined;
  const report = JSON.parse(text);
  return sum(path, [
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
  ]);
}

function contentOf(path) {
  const file = join(root, path);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function sum(path, counts) {
  const add = (key) => counts.reduce((all, count) => all + Number(count[key]), 0);
  const [passed, failed, skipped] = [add("passed"), add("failed"), add("skipped")];
  const empty = counts.some(({ passed, failed }) => Number(passed) + Number(failed) === 0);
  if (counts.length === 0 || empty) throw new Failure(`${path} tells of tests that ran nothing`);
  if (skipped > 0) throw new Failure(`${path} tells of ${skipped} skipped tests`);
  return { passed, failed };
}
