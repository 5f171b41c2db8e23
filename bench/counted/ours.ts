import { fileURLToPath } from "node:url";
import schema from "../../convex/schema.js";
import { InProcess } from "../../dev/backend/testing/inProcess.js";
import { modulesOf } from "../../dev/backend/testing/modulesOf.js";
import { insertEntries } from "./entries.js";
import { scoreAt } from "./scores.js";

const folder = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** An app with so many scores in a counted store of this package. */
export async function startOurs(count: number): Promise<InProcess> {
  const app = await InProcess.start([
    { path: "", modules: await modulesOf(folder("apps/ours")), schema: null },
    { path: "kv", modules: await modulesOf(folder("../../dist/convex")), schema },
  ]);
  await insertEntries(app, "kv", count, (i) => {
    const { score, name } = scoreAt(i);
    return { key: ["scores", score, name], value: score };
  });
  await app.mutation("scores:start", {});
  await app.runDue();
  if (!(await app.query("scores:isReady", {})).value) throw new Error("They are not all counted");
  return app;
}
