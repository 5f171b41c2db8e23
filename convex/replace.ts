import { v } from "convex/values";
import { deleteBelow } from "../js/component/background/deleteBelow.js";
import { deletionResult } from "../js/component/background/jobValidators.js";
import { selectorFields } from "../js/component/plans/scanValidators.js";
import { checkAmount } from "../js/component/rows/callLimits.js";
import { newEntryFields, vKey, vSetResult } from "../js/component/rows/entryValidators.js";
import { setOperation } from "../js/component/rows/operations.js";
import { covers, pathOfPrefix } from "../js/component/rows/paths.js";
import { costOfSets, executeSeveral } from "../js/component/rows/several.js";
import { resultOf } from "../js/component/rows/writes.js";
import { failure } from "../js/core/failure.js";
import { plansModule } from "../js/core/generated/plans.js";
import { provideModules } from "../js/core/instance.js";
import { mutation } from "./_generated/server.js";

provideModules(plansModule);

/**
 * Deletes all entries at and below `prefix`, as `kv.deleteAll` does, and writes `entries` there, as
 * `many.set` does: both or neither, in one transaction. At most 4,000 entries.
 */
export const all = mutation({
  args: {
    prefix: vKey(),
    ...selectorFields(),
    entries: v.array(v.object(newEntryFields())),
  },
  returns: v.object({ ...deletionResult(), results: v.array(vSetResult()) }),
  handler: async (ctx, { entries, ...deleted }) => {
    checkAmount("replaceAll", entries.length);
    const path = pathOfPrefix(deleted.prefix);
    if (!entries.every(({ key }) => covers(path, key))) {
      throw failure(
        "invalid_key",
        "replaceAll writes only below its prefix: the key of each entry has to begin with it.",
      );
    }
    const now = Date.now();
    const operations = entries.map((entry) => setOperation(entry, now));
    const deletion = await deleteBelow(ctx, deleted, costOfSets(entries));
    const outcomes = await executeSeveral(ctx, operations, now);
    return { ...deletion, results: outcomes.map(resultOf) };
  },
});
