import type { JobsPage, KeyPart, ListedJob } from "@hamzasaleemorg/convex-kv";
import { formatPath } from "../../notation/path.js";
import { formatCount } from "../../page/parts/numbers.js";
import { countArgument, keyArgument } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { printJson } from "../json.js";
import { columns, print, styled } from "../terminal/output.js";
import { fitted, formatTimestamp, padded } from "../text.js";

interface Options {
  limit?: number;
}

export const jobs: CommandDefinition<[prefix: KeyPart[] | undefined], Options> = {
  usage: "jobs",
  summary: "List work in the background: what goes on, and what ended within a day",
  details: "Those under way come first, and each newest first.",
  examples: [
    ["jobs", "all of them"],
    ["jobs users", "those that work at and below it and nowhere else"],
    ["jobs --json", "a line of JSON for each"],
  ],
  configure(command) {
    command
      .argument("[prefix]", "what they work on; without it, all jobs", keyArgument)
      .option("-n, --limit <count>", "so many at most", countArgument);
  },
  async run({ ctx, store }, [prefix = []], { limit = Infinity, json }) {
    const below = store.withPrefix(prefix);
    let left = limit;
    let cursor: string | undefined;
    do {
      const page: JobsPage = await below.jobs(ctx, { cursor });
      for (const job of page.jobs.slice(0, left)) {
        await (json ? printJson(job) : print(fitted(lineOf(job), columns())));
        if (job.error && !json) await print(`  ${job.error.message}`);
      }
      left -= page.jobs.length;
      cursor = page.isDone || left <= 0 ? undefined : page.continueCursor;
    } while (cursor !== undefined);
  },
};

function lineOf({ id, kind, state, startedAt, deleted, transferred, prefixes }: ListedJob): string {
  const isDeletion = kind === "delete" || kind === "sweep" || kind === "timer";
  const count = isDeletion ? deleted : transferred;
  return [
    styled(state === "running" ? "bold" : "dim", padded(state, 8)),
    padded(kind, 7),
    formatTimestamp(startedAt),
    formatCount(count).padStart(9),
    prefixes.map(formatPath).join(" → "),
    styled("dim", id),
  ].join("  ");
}
