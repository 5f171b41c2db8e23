import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { entriesText } from "../../page/parts/numbers.js";
import { addRangeOptions, keyArgument, type RangeOptions, selectorOf } from "../arguments.js";
import type { CommandDefinition } from "../command.js";
import { Interruption } from "../failures.js";
import { printJson } from "../json.js";
import { interruptibly } from "../terminal/interrupts.js";
import { print } from "../terminal/output.js";
import { showProgress } from "../terminal/progress.js";
import { countedTotal } from "../totals.js";

export const count: CommandDefinition<[prefix: KeyPart[] | undefined], RangeOptions> = {
  usage: "count",
  summary: "Count the entries at and below a prefix",
  details: "It reads each of them, some thousands at a time, unless the app has them counted.",
  examples: [
    ["count", "all entries"],
    ["count users/42n", "those at and below it"],
    ["count users --starts-with a", "those whose next part begins with a"],
  ],
  configure(command) {
    command.argument("[prefix]", "what keys begin with; without it, all entries", keyArgument);
    addRangeOptions(command);
  },
  async run(session, [prefix = []], options) {
    const { ctx, store } = session;
    const total = await interruptibly(async ({ signal }) => {
      const known = await countedTotal(session, prefix, options);
      if (known !== undefined) return known;
      const progress = showProgress("Counting");
      try {
        let counted = 0;
        let cursor: string | undefined;
        for (;;) {
          const page = await store.count(ctx, prefix, { ...selectorOf(options), cursor });
          counted += page.count;
          if (page.isDone) return counted;
          if (signal.aborted) {
            throw new Interruption(`Interrupted after ${entriesText(counted)}.`);
          }
          cursor = page.continueCursor;
          progress.update(0, entriesText(counted));
        }
      } finally {
        progress.stop();
      }
    });
    await (options.json ? printJson({ count: total }) : print(String(total)));
  },
};
