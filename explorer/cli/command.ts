import type { Command } from "commander";
import { type GlobalOptions, openSession, type Session } from "./session.js";

/** How a command is called, and what it does. */
export interface CommandDefinition<Args extends unknown[], Options> {
  /** As commander has it: "get <key>". */
  usage: string;
  /** In one line. */
  summary: string;
  /** More, for --help of the command. */
  details?: string;
  /** Calls with what they do, for --help. */
  examples: [call: string, effect: string][];
  /** Describes the arguments, and adds options. */
  configure(command: Command): void;
  /** Throws a Failure if it does not end well. */
  run(session: Session, args: Args, options: Options & GlobalOptions): Promise<void>;
}

export function addCommand<Args extends unknown[], Options>(
  program: Command,
  definition: CommandDefinition<Args, Options>,
): void {
  const { usage, summary, details, examples, configure, run } = definition;
  const command = program
    .command(usage)
    .summary(summary)
    .description(details === undefined ? `${summary}.` : `${summary}. ${details}`);
  configure(command);
  const width = Math.max(...examples.map(([call]) => call.length));
  const lines = examples.map(([call, effect]) => `  ${call.padEnd(width)}  ${effect}`);
  command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`);
  command.action(async (...given: unknown[]) => {
    // Behind the arguments commander passes the options, and the command.
    const args = given.slice(0, -2) as Args;
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    await run(await openSession(options), args, options);
  });
}
