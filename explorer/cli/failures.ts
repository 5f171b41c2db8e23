// How the program ends if it does not end well. Scripts go by the exit codes, so they are
// documented: docs/operations.md.

/** The exit codes: of what went wrong, of a call that was not understood, and after Ctrl-C. */
export const FAILED = 1;
export const USAGE = 2;
export const INTERRUPTED = 130;

/** A message for whoever called the program, and the exit code. It needs no stack trace. */
export class Failure extends Error {
  override name = "Failure";

  constructor(
    message: string,
    readonly exitCode = FAILED,
  ) {
    super(message);
  }
}

/** The call cannot be carried out as it is: an argument, an option or a setting is wrong. */
export class UsageFailure extends Failure {
  constructor(message: string) {
    super(message, USAGE);
  }
}

/** Somebody pressed Ctrl-C. The message says what is done and how to go on. */
export class Interruption extends Failure {
  constructor(message: string) {
    super(message, INTERRUPTED);
  }
}
