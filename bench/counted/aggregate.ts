import type { Value } from "convex/values";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { InProcess } from "../../dev/backend/testing/inProcess.js";
import { modulesOf } from "../../dev/backend/testing/modulesOf.js";
import { copyTree, PlainTables, type TreeCode } from "./aggregateTree.js";
import schema from "./apps/aggregate/schema.js";
import { inMixedOrder } from "./random.js";
import { scoreAt } from "./scores.js";

const { resolve } = createRequire(import.meta.url);

/** The folder of a package's component: it is not exported, and the version is pinned. */
const componentOf = (name: string) =>
  join(dirname(resolve(`${name}/package.json`)), "dist/component");

async function installed(path: string, name: string) {
  const folder = componentOf(name);
  const url = pathToFileURL(join(folder, "schema.js")).href;
  const { default: own } = (await import(url)) as { default: unknown };
  return { path, modules: await modulesOf(folder), schema: own };
}

/** How many documents one transaction may well write. */
const AT_ONCE = 10_000;

/** An app with so many scores in a table, and @convex-dev/aggregate beside it. */
export async function startAggregate(count: number): Promise<InProcess> {
  const folder = fileURLToPath(new URL("apps/aggregate", import.meta.url));
  const app = await InProcess.start([
    { path: "", modules: await modulesOf(folder), schema },
    await installed("aggregate", "@convex-dev/aggregate"),
    await installed("aggregate/batchWorker", "@convex-dev/batch-worker"),
  ]);
  const url = pathToFileURL(join(componentOf("@convex-dev/aggregate"), "btree.js")).href;
  const { insertHandler } = (await import(url)) as TreeCode;
  const ids = await insertScores(app, count);
  const db = new PlainTables();
  for (const i of inMixedOrder(count)) {
    const { score } = scoreAt(i);
    const key: Value = [score, ids[i]!, ""];
    await insertHandler({ db }, { key, value: ids[i]!, summand: score });
  }
  await copyTree(db, app, "aggregate");
  return app;
}

async function insertScores(app: InProcess, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let from = 0; from < count; from += AT_ONCE) {
    await app.inspect("", async ({ db }) => {
      for (let i = from; i < Math.min(from + AT_ONCE, count); i++) {
        ids.push(await db.insert("scores", { ...scoreAt(i) }));
      }
    });
  }
  return ids;
}
