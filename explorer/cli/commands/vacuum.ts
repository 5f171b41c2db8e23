import { entriesText } from "../../page/parts/numbers.js";
import type { CommandDefinition } from "../command.js";
import { waitForJob } from "../job.js";
import { printJson } from "../json.js";
import { print } from "../terminal/output.js";

interface Options {
  wait: boolean;
}

export const vacuum: CommandDefinition<[], Options> = {
  usage: "vacuum",
  summary: "Delete what has expired",
  details:
    "Nobody sees expired entries, but until they are deleted they take up storage. Apps mostly run this from a cron.",
  examples: [
    ["vacuum", "and wait until all is done"],
    ["vacuum --no-wait", "leave the rest to the background"],
  ],
  configure(command) {
    command.option("--no-wait", "end when the rest goes on in the background");
  },
  async run(session, _args, { wait, json }) {
    const { ctx, component } = session;
    const { count, jobId } = await ctx.runMutation(component.kv.vacuum, {});
    const job = jobId !== undefined && wait ? await waitForJob(session, jobId, "Deleting") : null;
    const deletedCount = job?.deleted ?? count;
    if (json) return await printJson({ deletedCount, jobId });
    const rest = jobId !== undefined && !wait ? ` Job ${jobId} goes on with the rest.` : "";
    await print(`Deleted ${entriesText(deletedCount)} that had expired.${rest}`);
  },
};
