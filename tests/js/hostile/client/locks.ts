import type { RunAction, WithLockOptions } from "@hamzasaleemorg/convex-kv";
import { cases, door, returns, type Scene, type Section } from "../cases.js";
import { notNumbers } from "./pages.js";

// What locks are given. withLock is for actions; what it refuses, it refuses in any context. What
// it does otherwise is in tests/js/locks.

const withLock = ({ store, ctx }: Scene, options: WithLockOptions) =>
  store.withLock(ctx as RunAction, ["a"], options, () => null);

export const LOCKS: Section[] = [
  {
    title: "`ttl`, of locks",
    doors: [
      door("lock", ({ store, ctx }, ttl) => store.lock(ctx, ["a"], { ttl })),
      door("renew", ({ store, ctx }, ttl) => store.renew(ctx, ["a"], "token", { ttl })),
      door("withLock", (scene, ttl) => withLock(scene, { ttl })),
    ],
    cases: [
      ...cases("invalid_expiry", {
        ...{ "0": 0, "-1": -1, NaN: NaN, Infinity: Infinity },
        "a day and a millisecond": 86_400_001,
      }),
      ...notNumbers,
    ],
  },
  {
    title: "Other `ttl`, of locks",
    doors: [door("lock", ({ store, ctx }, ttl) => store.lock(ctx, ["a"], { ttl }))],
    cases: cases(returns("it is as long as that"), { "0.5": 0.5, "a day": 86_400_000 }),
  },
  {
    title: "Owners",
    doors: [
      door("lock", ({ store, ctx }, owner) => store.lock(ctx, ["a"], { ttl: 1, owner })),
      door("withLock", (scene, owner) => withLock(scene, { ttl: 1, owner })),
    ],
    cases: [
      ...cases("invalid_value", { "1,025 letters": "x".repeat(1_025) }),
      ...cases("Convex", { "a number": 1, null: null, "an object": {} }),
    ],
  },
  {
    title: "Tokens",
    doors: [
      door("renew", ({ store, ctx }, token) => store.renew(ctx, ["a"], token, { ttl: 1 })),
      door("unlock", ({ store, ctx }, token) => store.unlock(ctx, ["a"], token)),
    ],
    cases: [
      ...cases(returns("false"), { '""': "", "a word": "token", '"__proto__"': "__proto__" }),
      ...cases("Convex", { undefined: undefined, "a number": 1, null: null }),
    ],
  },
  {
    title: "`waitFor`, of locks",
    doors: [door("withLock", (scene, waitFor) => withLock(scene, { ttl: 1, waitFor }))],
    cases: cases("invalid_expiry", { "-1": -1, NaN: NaN, "an object": {} }),
  },
];
