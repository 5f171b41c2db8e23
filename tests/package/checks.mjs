// Counts the checks of the package test, and names each one as it passes.
import { Failure } from "../../tools/lib/run.mjs";

export const counts = { passed: 0, failed: 0 };

/** Runs one check. The first that fails ends the test. */
export async function check(title, body) {
  try {
    const note = await body();
    passed(note ? `${title}: ${note}` : title);
  } catch (error) {
    counts.failed += 1;
    console.log(`not ok - ${title}`);
    throw error;
  }
}

export function passed(title) {
  counts.passed += 1;
  console.log(`ok - ${title}`);
}

/** Fails with `message()` unless `holds`. */
export function expect(holds, message) {
  if (!holds) throw new Failure(message);
}
