import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { formatPath } from "../../notation/path.js";
import { entriesText } from "../../page/parts/numbers.js";
import { addRangeOptions, keyArgument, type RangeOptions, selectorOf } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { Failure, UsageFailure } from "../failures.js";
import { waitForJob } from "../job.js";
import { printJson } from "../json.js";
import type { Session } from "../session.js";
import { confirm } from "../terminal/ask.js";
import { print } from "../terminal/output.js";
import { totalOf } from "../totals.js";

interface Options extends RangeOptions {
  recursive?: boolean;
  yes?: boolean;
  wait: boolean;
}

export const rm: CommandDefinition<[key: KeyPart[]], Options> = {
  usage: "rm",
  summary: "Delete an entry, or with -r a whole subtree",
  details:
    "A subtree is gone at once, however large it is. Its storage is freed in the background, which rm waits for.",
  examples: [
    ["rm users/42n/name", "one entry; exit code 1 if there is none"],
    ["rm -r users/42n", "everything at and below it, after a question"],
    ["rm -r cache --yes --no-wait", "without a question, and without waiting"],
    ["rm -r logs --end 1700000000000 --yes", "of the subtree, what comes before that part"],
  ],
  configure(command) {
    command
      .argument("<key>", 'the key; with -r the prefix, and "/" is the whole store', keyArgument)
      .option("-r, --recursive", "everything at and below the key")
      .option("-y, --yes", "do not ask")
      .option("--no-wait", "end when all is deleted, and leave the storage to the background");
    addRangeOptions(command);
  },
  async run(session, [key], options) {
    if (options.recursive) return await removeTree(session, key, options);
    if (Object.values(selectorOf(options)).some((bound) => bound !== undefined)) {
      throw new UsageFailure("--start, --after, --end and --starts-with need -r.");
    }
    await removeEntry(session, key, options.json);
  },
};

async function removeEntry({ ctx, store }: Session, key: KeyPart[], json = false) {
  const deleted = await store.delete(ctx, key);
  if (json) await printJson({ deletedCount: deleted ? 1 : 0 });
  if (!deleted) {
    throw new Failure(
      `There is no entry at ${formatPath(key)}. To delete what is below it, use rm -r.`,
    );
  }
  if (!json) await print(`Deleted ${formatPath(key)}.`);
}

async function removeTree(
  session: Session,
  key: KeyPart[],
  options: Options & { json?: boolean },
): Promise<void> {
  const { ctx, store, place } = session;
  const selector = selectorOf(options);
  const isPart = Object.values(selector).some((bound) => bound !== undefined);
  const what = key.length === 0 ? "the whole store" : `everything at and below ${formatPath(key)}`;
  await confirm(
    `Delete ${what}${isPart ? ", as far as it is in the range," : ""} in ${place}?`,
    options,
  );
  const all = options.wait ? await totalOf(session, key, options) : undefined;
  const { deletedCount, hasMore, jobId } = await store.deleteAll(ctx, key, selector);
  if (!hasMore || !options.wait) {
    if (options.json) return await printJson({ deletedCount, jobId });
    return await print(
      hasMore
        ? `Deleted. Job ${jobId} frees the storage.`
        : `Deleted ${entriesText(deletedCount)}.`,
    );
  }
  const job = await waitForJob(session, jobId!, "Deleting", all);
  const total = job?.deleted ?? deletedCount;
  if (options.json) return await printJson({ deletedCount: total, jobId });
  await print(`Deleted ${entriesText(total)}.`);
}
