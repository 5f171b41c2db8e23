import type { Key } from "@hamzasaleemorg/convex-kv";
import type { Loaded, PageArgs, ShownEntry } from "../../../../js/react/loaded.js";
import type { Write } from "../../../../js/react/edits.js";
import { type Backend, startBackend } from "../../support/backend.js";

// A store below a prefix, and the functions of `clientApi` on it, whose keys are relative.

const TOP = ["top"];

export type QueryOf<L = Loaded> = L extends unknown ? Omit<L, "value"> : never;

export class TestStore {
  private readonly backend: Backend = startBackend();
  private readonly store = this.backend.kv.use(TOP);

  /** The result of a query. */
  async load(query: QueryOf): Promise<Loaded> {
    const value = await this.backend.read((ctx) => this.answer(ctx, query));
    return { ...query, value } as Loaded;
  }

  private async answer(ctx: Parameters<typeof this.store.get>[0], query: QueryOf) {
    const { store } = this;
    switch (query.kind) {
      case "get":
        return await store.get(ctx, query.args.key);
      case "getWithMetadata": {
        const entry = await store.getWithMetadata(ctx, query.args.key);
        return entry && relative(entry);
      }
      case "has":
        return await store.has(ctx, query.args.key);
      case "getMany":
        return await store.getMany(ctx, query.args.keys);
      case "getAll":
        return (await store.getAll(ctx, query.args.prefix, query.args)).map(relative);
      case "list": {
        const { paginationOpts, prefix, ...selector } = query.args;
        const result = await store.paginate(ctx, prefix, paginationOpts, selector);
        return { ...result, page: result.page.map(relative) };
      }
      case "children": {
        const { paginationOpts, prefix, ...selector } = query.args;
        const { numItems: limit, cursor } = paginationOpts;
        const paging = { ...selector, limit, cursor };
        const { children, ...rest } = await store.children(ctx, prefix, paging);
        return { ...rest, page: children };
      }
      case "count":
        return await store.count(ctx, query.args.prefix, query.args);
    }
  }

  /** Writes, and resolves with whether the store did. */
  async write(write: Write): Promise<boolean> {
    const { store } = this;
    const carryOut = this.backend.run(async (ctx) => {
      const { args } = write as Extract<Write, { kind: "set" }>;
      if (write.kind === "set") await store.set(ctx, args.key, args.value, args);
      if (write.kind === "setMany") {
        for (const { key, value, ...options } of write.args.entries) {
          await store.set(ctx, key, value, options);
        }
      }
      if (write.kind === "remove") await store.delete(ctx, args.key);
      if (write.kind === "removeAll") await store.deleteAll(ctx, write.args.prefix);
      if (write.kind === "increment") {
        await store.increment(ctx, args.key, write.args.by);
      }
    });
    return await carryOut.then(
      () => true,
      () => false,
    );
  }

  /** Pages of a scan, one after another, each of so many items: queries with their cursors. */
  async pages(kind: "list" | "children", args: PageArgs, count: number): Promise<QueryOf[]> {
    const queries: QueryOf[] = [];
    let { cursor } = args.paginationOpts;
    while (queries.length < count) {
      const query = { kind, args: { ...args, paginationOpts: { ...args.paginationOpts, cursor } } };
      queries.push(query);
      const { value } = (await this.load(query)) as Extract<Loaded, { kind: "list" }>;
      if (value.isDone) break;
      cursor = value.continueCursor;
    }
    return queries;
  }
}

function relative<E extends { key: Key }>(entry: E): E & ShownEntry {
  return { ...entry, key: entry.key.slice(TOP.length) } as unknown as E & ShownEntry;
}
