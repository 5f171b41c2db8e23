// How many tests ran, read from what the runners write down. A test that was skipped is a failure:
// it says nothing.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure, root } from "./run.mjs";

/** doctest's cases, from the JUnit file of CTest, which keeps each program's output. */
export function doctestCounts(path) {
  const text = readFileSync(join(root, path), "utf8");
  const lines = text.matchAll(
    /\[doctest\] test cases: +\d+ \| +(\d+) passed \| +(\d+) failed \| +(\d+) skipped/g,
  );
  return sum(
    path,
    [...lines].map(([, passed, failed, skipped]) => ({ passed, failed, skipped })),
  );
}

/** Vitest's tests, from its JSON report. */
export function vitestCounts(path) {
  const report = JSON.parse(readFileSync(join(root, path), "utf8"));
  return sum(path, [
    {
      passed: report.numPassedTests,
      failed: report.numFailedTests,
      skipped: report.numPendingTests + report.numTodoTests,
    },
  ]);
}

function sum(path, counts) {
  const add = (key) => counts.reduce((all, count) => all + Number(count[key]), 0);
  const [passed, failed, skipped] = [add("passed"), add("failed"), add("skipped")];
  if (passed + failed === 0) throw new Failure(`${path} tells of no test that ran`);
  if (skipped > 0) throw new Failure(`${path} tells of ${skipped} skipped tests`);
  return { passed, failed };
}
