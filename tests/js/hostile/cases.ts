import type { ComponentApi, KeyValueStore, KvClient, KvErrorCode } from "@hamzasaleemorg/convex-kv";
import type { AppMutationCtx } from "../support/backend.js";

// What a table of hostile inputs is made of.

/** A database with a few entries, and what a call has to reach them. */
export interface Scene {
  ctx: AppMutationCtx;
  kv: KvClient;
  api: ComponentApi;
  /** Calls a mutation of the component's, internal ones too: "jobs:run". */
  call(mutation: string, args: object): Promise<unknown>;
  /** Of ["s"]: ["a"], ["b"], ["c"], ["n"] with the number 1, ["t", 1] and ["t", 2]. */
  store: KeyValueStore<unknown>;
  /** Cursors, by what gave them. All are good ones, for that and for nothing else. */
  cursors: Record<"list" | "reverse" | "from" | "below" | "outside" | "children", string>;
  /** A background deletion of ["other"], and a document of the table `kv`. */
  ids: Record<"job" | "row", string>;
}

/**
 * The code of the error; or "Convex", if the platform refuses it before it gets to us, in its own
 * words; "TypeError", if JavaScript does; or, in other words, what is returned.
 */
export type Outcome = KvErrorCode | "Convex" | "TypeError" | { returns: string };

export interface Door {
  name: string;
  call(scene: Scene, input: never): unknown;
}

export interface Case {
  input: string;
  /** The input itself; or what makes it, of a scene. */
  value?: unknown;
  of?(scene: Scene): unknown;
  outcome: Outcome;
}

export interface Section {
  title: string;
  doors: Door[];
  cases: Case[];
}

export const door = (name: string, call: (scene: Scene, input: never) => unknown): Door => ({
  name,
  call,
});
/** What leaves the tables as they are, and no error either. */
export const NOTHING_DONE: Outcome = { returns: "nothing is done" };

export const returns = (text: string): Outcome => ({ returns: text });
export const cases = (outcome: Outcome, inputs: Record<string, unknown>): Case[] =>
  Object.entries(inputs).map(([input, value]) => ({ input, value, outcome }));
