import { type Command, InvalidArgumentError } from "commander";
import { UsageFailure } from "../cli/failures.js";

/** What `serve` takes. --url is the whole program's. */
export interface ServeOptions {
  url?: string;
  port?: number;
  open: boolean;
  module: string;
}

/** Adds the command that serves the page: the one that is run if none is named. */
export function addServe(program: Command): void {
  const serve = program
    .command("serve", { isDefault: true })
    .summary("serve the page for this deployment, on this machine alone, and open it")
    .description(
      "Serves the KV Explorer's page on this machine, to this machine alone, and opens it in the browser. This is what runs without a command.",
    )
    .option("-p, --port <port>", "where to serve it; without, a port that is free", portIn)
    .option("--no-open", "leave the browser alone")
    .option(
      "-m, --module <name>",
      "the module that exports explorerApi's functions, relative to convex/",
      moduleIn,
      "explorer",
    )
    .addHelpText("after", EXAMPLES);
  // What is no command comes here as an argument; so does "serve" behind an option of its own.
  serve.allowExcessArguments();
  serve.action(async () => {
    const [unknown] = serve.args[0] === serve.name() ? serve.args.slice(1) : serve.args;
    if (program.commands.some((command) => command.name() === unknown)) {
      throw new UsageFailure(
        `What comes before ${unknown} are options of serve. Those of ${unknown} come behind it.`,
      );
    }
    if (unknown !== undefined) {
      throw new UsageFailure(`There is no command ${JSON.stringify(unknown)}. --help lists them.`);
    }
    // Loaded here, since other commands need none of it.
    const { runServer } = await import("./run.js");
    await runServer(serve.optsWithGlobals<ServeOptions>());
  });
}

function portIn(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError(
    "A port is a whole number from 0 to 65535; 0 is any that is free.",
  );
}

function moduleIn(text: string): string {
  const name = text.replace(/^convex\//, "").replace(/\.[jt]s$/, "");
  if (/^\w+(\/\w+)*$/.test(name)) return name;
  throw new InvalidArgumentError('A module is named as in "explorer" or "admin/explorer".');
}

const EXAMPLES = `
The app needs a file convex/explorer.ts with explorerApi's functions, and a key:
  npx convex env set KV_EXPLORER_KEY "$(openssl rand -hex 16)"

Examples:
  npx @hamzasaleemorg/convex-kv-explorer
  npx @hamzasaleemorg/convex-kv-explorer --url https://happy-animal-123.convex.cloud
  npx @hamzasaleemorg/convex-kv-explorer --port 4000 --no-open --module admin/explorer`;
