import { Command } from "commander";
import { addServe } from "../serve/command.js";
import { addCommand } from "./command.js";
import { count } from "./commands/count.js";
import { exportEntries } from "./commands/export.js";
import { get } from "./commands/get.js";
import { importEntries } from "./commands/import.js";
import { jobs } from "./commands/jobs.js";
import { ls } from "./commands/ls.js";
import { rm } from "./commands/rm.js";
import { set } from "./commands/set.js";
import { cp, mv } from "./commands/transfer.js";
import { tree } from "./commands/tree.js";
import { vacuum } from "./commands/vacuum.js";
import { note } from "./terminal/output.js";

/** The command line: what it takes, and what it does with it. */
export function commandLine(): Command {
  const program = new Command("convex-kv-explorer")
    .description(
      "Looks at and changes what is in Convex KV: on a page that it serves, or by commands with a deployment's admin or deploy key.",
    )
    .option("-c, --component <name>", "the name the app mounts the component at", "convexKv")
    .option("--json", "answers for programs: lines of Convex's JSON")
    .option("--url <url>", "the deployment; without, the one in .env.local or the environment")
    .option("--admin-key <key>", "its admin or deploy key; others see it in the list of processes")
    .option("--prod", "the production deployment of the project, if you have logged in")
    .option("--deployment-name <name>", "another deployment of the project, if you have logged in")
    .helpOption("-h, --help", "show this, or what a command takes, with examples")
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ writeErr: (text) => note(text.trimEnd()) })
    .addHelpText("after", KEYS)
    .exitOverride();
  program.helpCommand(false);
  addServe(program);
  addCommand(program, ls);
  addCommand(program, tree);
  addCommand(program, get);
  addCommand(program, set);
  addCommand(program, rm);
  addCommand(program, mv);
  addCommand(program, cp);
  addCommand(program, count);
  addCommand(program, exportEntries);
  addCommand(program, importEntries);
  addCommand(program, jobs);
  addCommand(program, vacuum);
  return program;
}

const KEYS = `
Keys are paths: users/42n/"7". A part is a string, unless it reads as a number (42, 42n), true,
false, null or bytes("AQID"); in quotes it is always a string. ["users", 42n, "7"] is the same key.
"/" is the root.

Exit codes: 0 done; 1 not found, or failed; 2 not understood, or not confirmed; 130 after Ctrl-C.`;
