import { convexTest } from "convex-test";
import * as published from "convex-kv-published";
import component from "convex-kv-published/test";
import type { Doc } from "../../../convex/_generated/dataModel.js";
import { api, type Backend } from "./backend.js";

// A deployment of version 1, which ran until this version was deployed over it.

export type OldStore = published.KeyValueStore<unknown>;
type Ctx = published.RunQuery & published.RunMutation;

interface Undeclared {
  runInComponent<T>(path: string, body: (ctx: { db: Database }) => Promise<T>): Promise<T>;
}
interface Database {
  query(table: "kv"): { collect(): Promise<Doc<"kv">[]> };
}

/** What `write` leaves in the table of the published package. */
async function writtenBefore(
  write: (store: OldStore, ctx: Ctx) => Promise<void>,
): Promise<Doc<"kv">[]> {
  const t = convexTest({
    modules: { "/convex/_generated/api.js": () => Promise.resolve({}) },
    transactionLimits: false,
  });
  t.registerComponent("convexKv", component.schema, component.modules);
  await t.mutation((ctx) => write(published.kvClientFactory(api as never).use([]), ctx as Ctx));
  return await (t as unknown as Undeclared).runInComponent("convexKv", ({ db }) =>
    db.query("kv").collect(),
  );
}

/** Deploys this version over what version 1's own code has written. */
export async function upgrade(
  { inside }: Pick<Backend, "inside">,
  write: (store: OldStore, ctx: Ctx) => Promise<void>,
): Promise<void> {
  const rows = await writtenBefore(write);
  await inside(async (ctx) => {
    for (const row of rows) await ctx.db.insert("kv", withoutSystemFields(row));
  });
}

function withoutSystemFields(row: Doc<"kv">): Omit<Doc<"kv">, "_id" | "_creationTime"> {
  const fields = Object.entries(row).filter(([name]) => !name.startsWith("_"));
  return Object.fromEntries(fields) as never;
}
