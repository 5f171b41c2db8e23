import { v } from "convex/values";
import { mutation, query } from "./_generated/server.js";
import { key, kv } from "./kv.js";

// What each file of the component's functions does, for its bundle to prove that it holds all it
// needs.

const args = { store: key };

export const write = mutation({
  args,
  handler: async (ctx, { store }) => {
    const texts = kv.use<string>(store);
    await texts.setMany(
      ctx,
      ["a", "b", "c"].map((name, i) => ({ key: ["x", name], value: "v".repeat(1 + 20_000 * i) })),
    );
    await texts.deleteMany(ctx, [
      ["x", "none"],
      ["x", "c"],
    ]);
    const taken = await texts.set(ctx, ["x", "a"], "other", { ifAbsent: true });
    const moved = await texts.move(ctx, ["x"], ["y"]);
    const copied = await texts.copy(ctx, ["y"], ["z"], { onConflict: "overwrite" });
    const none = await texts.deleteAll(ctx, ["z"], { start: ["q"], end: ["r"], reverse: true });
    return { taken: taken.written, moved, copied, none };
  },
});

export const change = mutation({
  args,
  handler: async (ctx, { store }) => {
    const numbers = kv.use<number>(store);
    const before = await numbers.getWithMetadata(ctx, ["n"]);
    const sum = await numbers.increment(ctx, ["n"], 2, { ttl: 60_000 });
    const doubled = await numbers.update(ctx, ["n"], (n) => 2 * (n ?? 0));
    const stale = await numbers
      .atomic()
      .check(["n"], before?.version ?? null)
      .delete(["n"])
      .commit(ctx);
    const fresh = await numbers.atomic().max(["n"], 9).set(["m"], 1).commit(ctx);
    const expiry = {
      later: await numbers.expire(ctx, ["n"], { ttl: 1_000, when: "later" }),
      persisted: await numbers.persist(ctx, ["n"]),
      ttl: await numbers.ttl(ctx, ["n"]),
    };
    const values = await numbers.getMany(ctx, [["m"], ["n"], ["none"]]);
    return { sum, doubled, stale: stale.ok, fresh: fresh.ok, expiry, values };
  },
});

export const read = query({
  args: { ...args, cursor: v.optional(v.union(v.string(), v.null())) },
  handler: async (ctx, { store, cursor = null }) => {
    const texts = kv.use<string>(store);
    const seen: string[] = [];
    for await (const { key } of texts.entries(ctx, [], { batchSize: 2 })) {
      seen.push(key.slice(store.length).join("/"));
    }
    const page = await texts.paginate(ctx, [], { numItems: 2, cursor });
    return {
      seen,
      first: (await texts.first(ctx, []))?.value,
      last: (await texts.last(ctx, [], { includeValues: false }))?.key.at(-1),
      count: (await texts.count(ctx, [])).count,
      children: (await texts.children(ctx, [], { reverse: true })).children,
      page: page.page.map(({ key }) => key.slice(store.length).join("/")),
      continueCursor: page.continueCursor,
    };
  },
});
