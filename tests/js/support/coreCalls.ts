import type { RowFacts } from "../../../js/core/rowsWire.js";
import type { PlanRequest, PlanStep, ReadStep } from "../../../js/core/messages.js";
import type { OpenPlan } from "../../../js/core/openPlan.js";
import type { Core } from "./freshCore.js";
import { hexFromBytes } from "./keys.js";

// Calls of every kind that the core has, each with one right answer.

export interface CoreCall {
  name: string;
  /** What the core answers, or the data of its error. */
  run(core: Core): unknown;
}

/** What `call` returns, or the data of the error that it throws. */
export function answerOf(call: () => unknown): unknown {
  try {
    return call();
  } catch (error) {
    const { data } = error as { data?: unknown };
    if (data === undefined) throw error;
    return data;
  }
}

const LONG = "y".repeat(1_500);
const KEY = [
  "a",
  1n,
  -0.5,
  true,
  null,
  "\ufeff\u00e9\u{1f600}",
  new Uint8Array([0, 255, 7]).buffer,
];
const NOW = 1_700_000_000_000;

const call = (name: string, run: CoreCall["run"]): CoreCall => ({
  name,
  run: (core) => answerOf(() => run(core)),
});

const plain: CoreCall[] = [
  call("encodeKey", (core) => core.encodeKey(KEY)),
  call("encodeKey of a long key", (core) => core.encodeKey([LONG])),
  call("encodeKey of one too long", (core) => core.encodeKey(["z".repeat(5_000)])),
  call("encodeKey of no text", (core) => core.encodeKey(["\ud800"])),
  call("encodeKey of nothing", (core) => core.encodeKey([])),
];

// What is below ["p"]: two folders of leaves with values, every third with an expiry.
const ROWS = 24;
const TARGET = "q";

const requests: [name: string, PlanRequest][] = [
  ["page", { plan: "page", limit: 5, transactionLimits: null }],
  [
    "page, backwards",
    { plan: "page", limit: 7, reverse: true, transactionLimits: limits(1e7, 1e4) },
  ],
  ["all", { plan: "all", transactionLimits: null }],
  ["first", { plan: "first", reverse: true, transactionLimits: null }],
  ["count", { plan: "count", limit: 20, transactionLimits: null }],
  ["children", { plan: "children", limit: 5, transactionLimits: null }],
  ["delete", { plan: "delete", now: NOW, transactionLimits: null }],
  ["sweep", { plan: "sweep", now: NOW, transactionLimits: null }],
  ["move", { plan: "move", now: NOW, onConflict: "error", transactionLimits: null }],
  ["copy", { plan: "copy", now: NOW, onConflict: "error", transactionLimits: null }],
];

const refused: [name: string, PlanRequest][] = [
  ["limit", { plan: "page", limit: 0, transactionLimits: null }],
  ["cursor", { plan: "count", cursor: "no such \ud800 cursor", transactionLimits: null }],
  [
    "rest",
    { plan: "resume", from: '{"x":[', epoch: 1, now: NOW, failures: 0, transactionLimits: null },
  ],
];

const plans: CoreCall[] = [
  ...requests.map(([name, request]) =>
    call(`plan: ${name}`, (core) =>
      drive(core, core.openPlan(request, { prefix: ["p"], to: [TARGET] })),
    ),
  ),
  call("plan: within bounds", (core) => {
    const bounds = { start: ["f", 1], end: ["f", 9] };
    return drive(
      core,
      core.openPlan({ plan: "page", transactionLimits: null }, { prefix: ["p"], ...bounds }),
    );
  }),
  call("plan: resume", (core) => {
    const now = { now: NOW, transactionLimits: limits(3_000, 6) };
    const ended = drive(core, core.openPlan({ plan: "delete", ...now }, { prefix: ["p"] })).at(-1)!;
    const from = (JSON.parse(ended) as { rest: string }).rest;
    const request = {
      plan: "resume",
      from,
      epoch: 3,
      failures: 1,
      now: NOW,
      transactionLimits: null,
    } as const;
    return drive(core, core.openPlan(request, { prefix: ["p"] }));
  }),
  ...requests.map(([name, request]) =>
    call(`plan: ${name}, given up`, (core) => {
      const plan = core.openPlan(request, { prefix: ["y".repeat(100)], to: [TARGET] });
      try {
        return plan.start();
      } finally {
        plan.close();
      }
    }),
  ),
  call("plan: rows that were not asked for", (core) => {
    const plan = core.openPlan(
      { plan: "page", limit: 1, transactionLimits: null },
      { prefix: ["p"] },
    );
    try {
      return [plan.start(), plan.rows(tableOf(core), true)];
    } finally {
      plan.close();
    }
  }),
  ...refused.map(([name, request]) =>
    call(`plan: refused ${name}`, (core) => core.openPlan(request, { prefix: ["p"] })),
  ),
  call("plan: refused prefix", (core) =>
    core.openPlan(refused[0]![1], { prefix: ["x".repeat(5_000)] }),
  ),
  call("plan: refused target", (core) =>
    core.openPlan(requests.at(-1)![1], { prefix: ["p"], to: ["x".repeat(5_000)] }),
  ),
];

/** The plain ones start the smaller modules first. */
export const coreCalls: CoreCall[] = [...plain, ...plans];

/** `core`, which reports every call, and every step of its plans, to `onCall`. */
export function watched(core: Core, onCall: () => void): Core {
  return new Proxy(core, {
    get(target, name, receiver) {
      const call = Reflect.get(target, name, receiver) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        onCall();
        const answer = call(...args);
        return name === "openPlan" ? watched(answer as Core, onCall) : answer;
      };
    },
  });
}

function limits(bytes: number, documents: number) {
  return {
    bytesRead: { remaining: bytes },
    bytesWritten: { remaining: bytes },
    documentsRead: { remaining: documents },
    documentsWritten: { remaining: documents },
    databaseQueries: { remaining: 4_000 },
  };
}

// Made once, as all cores make the same: the calls are to take the time, and not what is around
// them.
let table: RowFacts[] | undefined;
const rowsOfStep = new Map<string, RowFacts[]>();

function tableOf(core: Core): RowFacts[] {
  if (!table) {
    table = Array.from({ length: ROWS }, (_, i) => ({
      path: core.encodeKey(["p", i % 2 === 0 ? "f" : "g", i]),
      expiresAt: i % 3 === 0 ? NOW - 1_000 * (i % 2) + 500 : undefined,
      creationTime: i + 0.25,
      epoch: 0,
      size: 150,
      valueBytes: i % 5 === 0 ? 4_000 : 0,
      valueDocuments: i % 5 === 0 ? 1 : 0,
    }));
    table.sort((a, b) => (hexFromBytes(a.path) < hexFromBytes(b.path) ? -1 : 1));
  }
  return table;
}

/** Runs a plan to its end over the table. Returns all its steps, as text, and closes it. */
function drive(core: Core, plan: OpenPlan): string[] {
  const steps: string[] = [];
  try {
    for (let step = plan.start(); ;) {
      const text = textOfStep(step);
      steps.push(text);
      if (step.step === "read") {
        const rows = rowsOfStep.get(text) ?? rowsFor(tableOf(core), step);
        rowsOfStep.set(text, rows);
        step = plan.rows(rows, rows.length < step.maxRows);
      } else if (step.step === "clock") step = plan.clock(NOW);
      else if (step.step === "write") step = plan.written();
      else return steps;
    }
  } finally {
    plan.close();
  }
}

/** All of a step. (JSON alone would leave out bytes, and make null of the infinities.) */
export function textOfStep(step: PlanStep): string {
  return JSON.stringify(step, (_name, value: unknown) => {
    if (value instanceof ArrayBuffer) return hexFromBytes(value);
    return typeof value === "number" ? String(value) : value;
  });
}

function rowsFor(table: RowFacts[], { bounds, index, order, maxRows }: ReadStep): RowFacts[] {
  const within = table.filter((row) =>
    bounds.every(([compare, field, given]) => {
      if (field === "_creationTime") return true;
      const bound = typeof given === "object" ? hexFromBytes(given) : given;
      const value = field === "path" ? hexFromBytes(row.path) : row.expiresAt;
      if (value === undefined) return false;
      if (compare === "gt") return value > bound;
      if (compare === "gte") return value >= bound;
      if (compare === "lt") return value < bound;
      return compare === "lte" ? value <= bound : value === bound;
    }),
  );
  if (index === "expiresAt") within.sort((a, b) => a.expiresAt! - b.expiresAt!);
  if (order === "desc") within.reverse();
  return within.slice(0, maxRows);
}
