import { createInterface } from "node:readline";
import { Failure, Interruption, UsageFailure } from "../failures.js";

/**
 * Goes on only if somebody wants it: with --yes, or with the answer "y" on a terminal. Without
 * both, throws a UsageFailure. Nothing has been changed then.
 *
 * @param what A question: "Delete everything at and below users?"
 */
export async function confirm(what: string, { yes = false }: { yes?: boolean }): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageFailure(
      `${what} There is no terminal to ask on: pass --yes if you mean it. Nothing was changed.`,
    );
  }
  const answer = await ask(`${what} [y/N] `);
  if (!/^y(es)?$/i.test(answer.trim())) throw new Failure("Nothing was changed.");
}

function ask(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return new Promise<string>((resolve, reject) => {
    lines.once("SIGINT", () => reject(new Interruption("Nothing was changed.")));
    // Ctrl-D is an answer too.
    lines.once("close", () => resolve(""));
    lines.question(question, resolve);
  }).finally(() => lines.close());
}
