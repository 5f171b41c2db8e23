import { CommanderError } from "commander";
import { explained } from "./explain.js";
import { FAILED, Failure, USAGE } from "./failures.js";
import { commandLine } from "./program.js";
import { note } from "./terminal/output.js";

try {
  await commandLine().parseAsync();
} catch (error) {
  process.exitCode = ended(error);
}

/** Says what went wrong, if nobody has, and returns the exit code. */
function ended(error: unknown): number {
  // It has said what is wrong, or shown the help that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE;
  note(explained(error));
  return error instanceof Failure ? error.exitCode : FAILED;
}
