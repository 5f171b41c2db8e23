import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatPath } from "../../notation/path.js";
import { entriesText } from "../../page/parts/numbers.js";
import { keyArgument } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { UsageFailure } from "../failures.js";
import { waitForJob } from "../job.js";
import { printJson } from "../json.js";
import { confirm } from "../terminal/ask.js";
import { print } from "../terminal/output.js";
import { totalOf } from "../totals.js";

interface Options {
  overwrite?: boolean;
  skip?: boolean;
  yes?: boolean;
  wait: boolean;
}

/** `mv` and `cp`: they differ in whether what was copied stays. */
function transfer(
  call: "move" | "copy",
): CommandDefinition<[from: KeyPart[], to: KeyPart[]], Options> {
  const isMove = call === "move";
  const name = isMove ? "mv" : "cp";
  const done = isMove ? "Moved" : "Copied";
  return {
    usage: name,
    summary: `${isMove ? "Move" : "Copy"} a subtree to another place`,
    details:
      "Every entry at and below the one key goes to the same place below the other. What does not fit one transaction goes on in the background, which is waited for.",
    examples: [
      [`${name} drafts/7 published/7`, isMove ? "after a question" : "an entry, and all below it"],
      [`${name} users archive/users --skip`, "what is there already stays"],
      [`${name} staging live --overwrite --yes`, "what is there already is replaced"],
    ],
    configure(command) {
      command
        .argument("<from>", "the key that the entries are at and below", keyArgument)
        .argument("<to>", "the key that they go to", keyArgument)
        .option("--overwrite", "replace entries that are in the way; without, they are an error")
        .option("--skip", "leave entries where they are if there is one in the way")
        .option("-y, --yes", "do not ask")
        .option("--no-wait", "end when the rest goes on in the background");
    },
    async run(session, [from, to], { overwrite, skip, yes, wait, json }) {
      if (overwrite && skip) throw new UsageFailure("--overwrite and --skip exclude each other.");
      const { ctx, store, place } = session;
      if (isMove || overwrite) {
        const more = overwrite ? ", and replace what is there" : "";
        const what = `everything at and below ${formatPath(from)} to ${formatPath(to)}`;
        await confirm(`${isMove ? "Move" : "Copy"} ${what} in ${place}${more}?`, { yes });
      }
      const all = wait ? await totalOf(session, from) : undefined;
      const onConflict = overwrite ? "overwrite" : skip ? "skip" : "error";
      const result = await (isMove
        ? store.move(ctx, from, to, { onConflict })
        : store.copy(ctx, from, to, { onConflict }));
      let count = "movedCount" in result ? result.movedCount : result.copiedCount;
      let { skippedCount } = result;
      const { hasMore, jobId } = result;
      if (hasMore && wait) {
        const job = await waitForJob(session, jobId!, isMove ? "Moving" : "Copying", all);
        count = job?.transferred ?? count;
        skippedCount = job?.skipped ?? skippedCount;
      }
      if (json) {
        return await printJson({
          [isMove ? "movedCount" : "copiedCount"]: count,
          skippedCount,
          jobId,
        });
      }
      const left =
        skippedCount > 0 ? ` ${entriesText(skippedCount)} stayed: others are in the way.` : "";
      const rest = hasMore && !wait ? ` Job ${jobId} goes on with the rest.` : "";
      await print(`${done} ${entriesText(count)}.${left}${rest}`);
    },
  };
}

export const mv = transfer("move");
export const cp = transfer("copy");
