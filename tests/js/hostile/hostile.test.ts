import { isKvError } from "@hamzasaleemorg/convex-kv";
import { readFileSync, writeFileSync } from "node:fs";
import { ConvexError, type Value } from "convex/values";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { tablesOf } from "../model/tables.js";
import { textOf } from "../model/order.js";
import { api, type Backend, startBackend } from "../support/backend.js";
import { NOW } from "../support/clock.js";
import { withLimits } from "../support/limits.js";
import { stringOf } from "../support/values.js";
import {
  type Case,
  type Door,
  NOTHING_DONE,
  type Outcome,
  type Scene,
  type Section,
} from "./cases.js";
import { CLIENT } from "./client.js";
import { COMPONENT, INTERNAL } from "./component.js";
import { withTable } from "./table.js";

// Hostile input to every function: each call has the error or the result that the table says, and
// what is refused leaves the tables as they are. UPDATE_DOCS=1 writes the table into the document.

let backend: Backend;
let scene: Omit<Scene, "ctx">;
/** All that the tables hold, as the latest test left them. */
let tables: string;

const { stackTraceLimit } = Error;

beforeAll(async () => {
  // convex-test makes an error for each type of a union that a value is not of: of keys with
  // thousands of parts, millions, whose stacks nobody reads.
  Error.stackTraceLimit = 0;
  vi.useFakeTimers({ now: NOW });
  backend = startBackend();
  scene = await setScene(backend);
  tables = await everything();
});
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit;
  vi.useRealTimers();
});

async function setScene({ run, read, kv, inside, call }: Backend): Promise<Omit<Scene, "ctx">> {
  const store = kv.use<unknown>(["s"]);
  await run((ctx) =>
    store.setMany(ctx, [
      ...["a", "b", "c"].map((name) => ({ key: [name], value: name })),
      { key: ["n"], value: 1 },
      { key: ["large"], value: stringOf(18_000) },
      ...[1, 2, 3].map((i) => ({ key: ["t", i], value: i })),
    ]),
  );
  const other = kv.use<unknown>(["other"]);
  await run((ctx) =>
    other.setMany(
      ctx,
      [1, 2, 3, 4, 5, 6].map((i) => ({ key: [i], value: i })),
    ),
  );
  const cursors = await read(async (ctx) => {
    const from = { limit: 1, start: ["b"] };
    const pages = {
      list: await store.list(ctx, [], { limit: 1 }),
      reverse: await store.list(ctx, [], { limit: 1, reverse: true }),
      from: await store.list(ctx, [], from),
      below: await store.list(ctx, ["t"], { limit: 1 }),
      outside: await other.list(ctx, [], { limit: 1 }),
      children: await store.children(ctx, [], { limit: 1 }),
    };
    return Object.fromEntries(
      Object.entries(pages).map(([name, { continueCursor }]) => [name, continueCursor]),
    ) as Scene["cursors"];
  });
  // So few documents that it has something left for the background.
  const limits = { documentsWritten: 16 + 3 };
  const { jobId } = await run((ctx) => other.deleteAll(withLimits(ctx, undefined, limits), []));
  expect(jobId).toBeDefined();
  const row = await inside(async (ctx) => (await ctx.db.query("kv").first())!._id);
  return { kv, api, call, store, cursors, ids: { job: jobId!, row } };
}

class Undo extends Error {}

const everything = async () => textOf((await tablesOf(backend)) as unknown as Value);

/**
 * What comes of a call. Of one that is not refused nothing stays; one that is must not have
 * written.
 */
async function outcomeOf({ call }: Door, one: Case): Promise<Outcome> {
  let outcome: Outcome = { returns: "" };
  const body = async (ctx: Scene["ctx"]) => {
    const whole = { ...scene, ctx };
    try {
      await call(whole, (one.of ? one.of(whole) : one.value) as never);
    } catch (error) {
      outcome = outcomeOfError(error);
      return;
    }
    if (one.outcome !== NOTHING_DONE) throw new Undo();
  };
  await backend.run(body).catch((error: unknown) => {
    if (!(error instanceof Undo)) throw error;
  });
  return outcome;
}

function outcomeOfError(error: unknown): Outcome {
  if (isKvError(error)) {
    const { code, message } = error.data;
    expect(message).toMatch(/^\S.+\.$/s);
    // What usePaginatedQuery starts over for.
    const { isConvexSystemError, paginationError } = error.data as Record<string, unknown>;
    const restarts = isConvexSystemError === true && paginationError === "InvalidCursor";
    expect(restarts, message).toBe(code === "invalid_cursor");
    return code;
  }
  if (error instanceof ConvexError) throw error;
  const { name, message } = error as Error;
  if (message.startsWith("The schema of the store failed at the value of [")) {
    return { returns: "an Error that names the key" };
  }
  // Of another realm, maybe.
  return name === "TypeError" ? "TypeError" : "Convex";
}

const sections: [string, Section][] = [
  ...CLIENT.map((one): [string, Section] => [`client: ${one.title}`, one]),
  ...COMPONENT.map((one): [string, Section] => [`component: ${one.title}`, one]),
  ...INTERNAL.map((one): [string, Section] => [`what it schedules: ${one.title}`, one]),
];

describe.each(sections)("%s", (_, { doors, cases }) => {
  test.each(doors)("$name", async (door) => {
    const before = tables;
    const wrong: string[] = [];
    for (const one of cases) {
      const outcome = await outcomeOf(door, one);
      const expected = typeof one.outcome === "string" ? one.outcome : "returns";
      const isError = typeof outcome === "object" && outcome.returns !== "";
      const found = typeof outcome === "string" ? outcome : "returns";
      if (
        found !== expected ||
        (isError && outcome.returns !== (one.outcome as { returns: string }).returns)
      ) {
        wrong.push(`${one.input}: ${found}, and not ${expected}`);
      }
    }
    tables = await everything();
    expect(wrong).toEqual([]);
    expect(tables).toBe(before);
  });
});

test("the document says so", async () => {
  const file = "docs/hostile-input.md";
  const document = readFileSync(file, "utf8");
  const updated = withTable(document);
  if (process.env.UPDATE_DOCS === "1") {
    const prettier = await import("prettier");
    const options = { ...(await prettier.resolveConfig(file)), parser: "markdown" };
    writeFileSync(file, await prettier.format(updated, options));
    return;
  }
  // Where its lines break is for the formatter to say.
  const words = (text: string) => text.split(/\s+/);
  expect(words(document)).toEqual(words(updated));
});
