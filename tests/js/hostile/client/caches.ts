import type { CachedOptions, RunAction } from "@hamzasaleemorg/convex-kv";
import { makeFunctionReference } from "convex/server";
import { cases, door, type Scene, type Section } from "../cases.js";

// What caches are given. They are for actions; what they refuse, they refuse in any context. What
// they do otherwise is in tests/js/cache.

const cached = ({ store, ctx }: Scene, options: Partial<CachedOptions>) =>
  store.cached(ctx as RunAction, ["none"], () => 2, { ttl: 1_000, ...options });
const timed = (name: keyof CachedOptions) =>
  door(`cached (${name})`, (scene, time) => cached(scene, { [name]: time }));

const action = makeFunctionReference<"action", Record<string, unknown>, null>("app:action");
const cacheOf = ({ kv }: Scene) => kv.cache(action, { ttl: 1_000, prefix: ["s"] });

export const CACHES: Section[] = [
  {
    title: "Times of caches",
    doors: [
      ...["ttl", "staleFor", "staleIfError", "waitFor", "loadTtl"].map((name) =>
        timed(name as keyof CachedOptions),
      ),
    ],
    cases: cases("invalid_expiry", { "-1": -1, NaN: NaN, "-Infinity": -Infinity }),
  },
  {
    title: "`ttl` and `loadTtl`, of caches",
    doors: [timed("ttl"), timed("loadTtl")],
    cases: cases("invalid_expiry", { "0": 0 }),
  },
  {
    title: "Arguments of cached actions",
    doors: [
      door("remove", (scene, args) => cacheOf(scene).remove(scene.ctx, args)),
      door("fetch", (scene, args) => cacheOf(scene).fetch(scene.ctx as RunAction, args)),
    ],
    cases: cases("Convex", {
      "a Date": { a: new Date(0) },
      "a field that begins with $": { $a: 1 },
    }),
  },
];
