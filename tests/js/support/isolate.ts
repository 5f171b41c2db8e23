import type { JSONValue } from "convex/values";
import { readFileSync } from "node:fs";
import { Bundle } from "../../../dev/backend/isolate/bundle.js";
import { Isolate, type Host } from "../../../dev/backend/isolate/isolate.js";
import { HANGS_AFTER } from "../../../dev/backend/testing/limits.mjs";
import { keysModule } from "../../../js/core/generated/keys.js";
import { plansModule } from "../../../js/core/generated/plans.js";
import { bundle } from "./bundle.js";
import type { Syscalls } from "./emptyTable.js";

// Functions in the contexts that the development backend runs them in, with spies beside them.

/** A call of a function of the bundle. */
export type Call = [name: string, args: Record<string, JSONValue>];

/** What became of a call, and what the spies knew at its end. */
export interface Outcome {
  returned?: JSONValue;
  /** `data`: that of a ConvexError. */
  thrown?: { message: string; data?: JSONValue };
  /** How many WebAssembly modules were compiled so far. */
  compiled: number;
  /** How often Uint8Array.fromBase64 was called so far. */
  decoded: number;
  /** The bytes of the latest instance's memory. */
  memory: number;
  /** The functions of the core that this call called, by name and in order. */
  crossings: string[];
}

/** The module to load of a bundle with spies: it exports `functions`, `spied` and `calls`. */
export const ENTRY = "calls.js";
const inside = [ENTRY, "spies.js"].map((path) => ({
  path,
  source: readFileSync(new URL(`./inside/${path}`, import.meta.url), "utf8"),
}));

// What Convex has too, but the component has no use for.
const unused = ["crypto", "fetch", "setTimeout", "clearTimeout", "setInterval", "clearInterval"];

/**
 * A file of functions with spies.
 *
 * @param without Globals to take away before it is loaded, such as "Uint8Array.fromBase64".
 */
export async function spiedBundle(file: string, without: readonly string[] = []): Promise<Bundle> {
  const taken = [...unused, ...without].map((name) => `delete globalThis.${name};\n`);
  const source = taken.join("") + (await bundle(file)).text;
  return new Bundle([...inside, { path: "functions.js", source }]);
}

/** Makes calls one after another in the same fresh context. */
export async function makeCalls(
  bundle: Bundle,
  syscalls: Syscalls,
  calls: readonly Call[],
): Promise<Outcome[]> {
  const options = { host: hostOf(syscalls), timeLimit: HANGS_AFTER, isAction: false };
  const isolate = await Isolate.load(bundle, ENTRY, options);
  const names = JSON.stringify(calls.map(([name]) => name));
  const texts = calls.map(([, args]) => JSON.stringify([args]));
  const outcomes = JSON.parse(await isolate.call("calls", "make", names, ...texts)) as Spied[];
  return outcomes.map(({ crossings, ...outcome }) => {
    return { ...outcome, crossings: crossings.map(nameOf) };
  });
}

type Crossing = [size: number, target: number];
type Spied = Omit<Outcome, "crossings"> & { crossings: Crossing[] };

function hostOf(syscalls: Syscalls): Host {
  const syscall = (name: string, args: string): string => {
    const answer = syscalls[name];
    if (!answer) throw new Error(`No answer to ${name}`);
    return JSON.stringify(answer(JSON.parse(args) as never));
  };
  return {
    syscall,
    // An isolate takes many rows at a time. Here it is given one.
    asyncSyscall: async (name, args) =>
      name === "1.0/queryStreamNext" ? JSON.stringify([syscall(name, args)]) : syscall(name, args),
    now: () => 1_700_000_000_000,
    log: () => {},
    readRow: () => {},
  };
}

/** The name of a function that was called, by its module's size and its address there. */
function nameOf([size, target]: Crossing): string {
  const modules = [keysModule, plansModule];
  const module = modules.find(({ base64 }) => Buffer.from(base64, "base64").length === size)!;
  return module.functions.find((entry) => entry[2] === target)![0];
}
