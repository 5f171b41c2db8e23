import type { MutationCtx } from "../../../convex/_generated/server.js";
import type { BatchStep } from "../../core/messages.js";
import { scanRows } from "../plans/runner.js";
import type { Row } from "../rows/rows.js";
import { behind, numberOf } from "./changes.js";
import type { SumKind } from "./countedValidators.js";
import { askNodes, branchesOf, endOf, expiryOf, isCounted } from "./nodes.js";
import type { CountedPrefix } from "./prefixes.js";
import { dividePrefix } from "./tidying.js";

// Counts what a prefix has already, in batches, from its first entry to its last. How far it has come
// is in a branch without a node, the last of all: of what is behind that, writers tell nothing, since
// it is still to be read.

/** How many entries one batch counts, and how many the call that asks for it. */
export const ENTRIES_AT_ONCE = 4_000;
export const FIRST_ENTRIES = 500;

/** What is left for the nodes. */
const KEPT = { documentsRead: 600, bytesRead: 1 << 20, databaseQueries: 100 };

const NO_BRANCH = new ArrayBuffer(0);

/** What one batch has done: how many it counted, and where the next one continues. */
export type Counting = Pick<BatchStep, "rest" | "transferred">;

export async function countMore(
  ctx: MutationCtx,
  row: CountedPrefix,
  cursor: string | null,
  mostEntries: number,
): Promise<Counting> {
  const { prefix, path: of, sum } = row;
  const limit = Math.max(1, Math.floor(mostEntries));
  const request = { plan: "page", limit, cursor } as const;
  const options = { usesValues: false, kept: KEPT };
  const { found: rows, ...page } = await scanRows(ctx, { prefix }, request, options);
  const next = (await branchesOf(ctx.db, of)).find((branch) => !isCounted(branch));
  if (!next) return { rest: null, transferred: 0 };
  const last = rows.at(-1);
  if (last || page.isDone) {
    const answer = await askNodes(
      ctx.db,
      {
        ask: "change",
        branches: [{ start: next.start, node: NO_BRANCH }],
        end: endOf(of),
        changes: rows.map((one) => ({
          path: one.path,
          entry: { expiresAt: one.expiresAt, number: numberIn(one, sum) },
        })),
      },
      { insert: (node) => ctx.db.insert("countedLeaves", { node }) },
    );
    const [branch] = answer.branches;
    const { start } = next;
    const fields = { of, start, sum, node: branch!.node, ...expiryOf(branch!) };
    await ctx.db.replace("countedBranches", next._id, fields);
  }
  if (!page.isDone) {
    if (last) await ctx.db.insert("countedBranches", { of, start: behind(last.path), sum });
    return { rest: page.cursor, transferred: rows.length };
  }
  const { job: _job, _id, _creationTime, ...counted } = row;
  await ctx.db.replace("countedPrefixes", _id, counted);
  await dividePrefix(ctx, of);
  return { rest: null, transferred: rows.length };
}

function numberIn({ key, value, addend }: Row, sum: SumKind): number {
  const own = typeof value === "number" ? value : undefined;
  return numberOf({ key, value: own, addend }, sum);
}
