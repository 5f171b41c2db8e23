// How many tests ran, read from what the runners write down. A test that was skipped is a failure: it
// says nothing. Each answers undefined if the runner wrote nothing down.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "./run.mjs";

/**
 * CTest's tests, from its JUnit file. A program of doctest's counts for as many as it has cases, which
 * it says in its output.
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
  const line =
    /\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped/.exec(output);
  return line ? { passed: line[1], failed: line[2], skipped: line[3] } : undefined;
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
  if (passed + failed === 0) throw new Failure(`${path} tells of no test that ran`);
  if (skipped > 0) throw new Failure(`${path} tells of ${skipped} skipped tests`);
  return { passed, failed };
}
