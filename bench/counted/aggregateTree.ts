import type { Value } from "convex/values";
import type { InProcess } from "../../dev/backend/testing/inProcess.js";

// A tree of @convex-dev/aggregate with very many items. Its own code makes it, on tables that are
// no more than maps, or that would take hours; then its documents are put into the database.

/** What of the package's `component/btree.js` is used. */
export interface TreeCode {
  insertHandler(
    ctx: { db: PlainTables },
    item: { key: Value; value: Value; summand: number },
  ): Promise<void>;
}

interface Node extends Record<string, Value> {
  items: Value[];
  subtrees: string[];
}

/** The database as far as the code that inserts an item uses it. */
export class PlainTables {
  private readonly documents = new Map<string, Record<string, Value>>();
  private tree: string | undefined;

  insert(table: string, fields: Record<string, Value>): Promise<string> {
    const _id = `${this.documents.size}${table}`;
    if (table === "btree") this.tree = _id;
    this.documents.set(_id, { ...fields, _id });
    return Promise.resolve(_id);
  }

  get(_table: string, id: string): Promise<Record<string, Value>> {
    return Promise.resolve(this.documents.get(id)!);
  }

  patch(_table: string, id: string, fields: Record<string, Value>): Promise<void> {
    this.documents.set(id, { ...this.documents.get(id), ...fields });
    return Promise.resolve();
  }

  /** There is one tree. */
  query() {
    const unique = () => Promise.resolve(this.tree && this.documents.get(this.tree)!);
    return { withIndex: () => ({ unique }) };
  }

  node(id: string): Node {
    return this.documents.get(id) as Node;
  }

  /** The one document of the table `btree`. */
  get only(): Record<string, Value> & { root: string } {
    return this.documents.get(this.tree!) as Record<string, Value> & { root: string };
  }
}

/** How many nodes one transaction inserts. */
const AT_ONCE = 2_000;

/** Puts the documents of a tree into the tables of a component, under ids of their own. */
export async function copyTree(
  tables: PlainTables,
  app: InProcess,
  component: string,
): Promise<void> {
  const ids = new Map<string, string>();
  let inOrder: string[] = [];
  for (let level = [tables.only.root]; level.length > 0;) {
    inOrder = [...level, ...inOrder];
    level = level.flatMap((id) => tables.node(id).subtrees);
  }
  const fieldsOf = (document: Record<string, Value | undefined>) =>
    Object.fromEntries(
      Object.entries(document).filter(([name, value]) => name !== "_id" && value !== undefined),
    );
  for (let from = 0; from < inOrder.length; from += AT_ONCE) {
    await app.inspect(component, async ({ db }) => {
      // Below all others first, so that their ids are known.
      for (const id of inOrder.slice(from, from + AT_ONCE)) {
        const { subtrees, ...fields } = tables.node(id);
        const known = subtrees.map((subtree) => ids.get(subtree)!);
        ids.set(id, await db.insert("btreeNode", { ...fieldsOf(fields), subtrees: known }));
      }
    });
  }
  await app.inspect(component, async ({ db }) => {
    const { root, ...fields } = tables.only;
    await db.insert("btree", { ...fieldsOf(fields), root: ids.get(root)! });
  });
}
