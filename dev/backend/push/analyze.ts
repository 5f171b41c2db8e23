import type { JSONValue } from "convex/values";
import {
  canonicalName,
  type CronSchedule,
  type CronSpec,
  type FunctionInfo,
  type FunctionType,
} from "../deployment.js";
import type { Bundle } from "../isolate/bundle.js";
import { PushError } from "./errors.js";
import { inspect } from "./inspect.js";

export interface Analysis {
  functions: Map<string, FunctionInfo>;
  crons: CronSpec[];
  /** The modules that were looked at: those that are not only imported by others. */
  modules: string[];
}

interface ExportedFunction {
  name: string;
  type: FunctionType;
  isInternal: boolean;
  args: string;
  returns: string;
}

interface ExportedCron {
  name: string;
  args: JSONValue[];
  schedule: ExportedSchedule;
}

type ExportedSchedule =
  | { type: "interval"; seconds?: number; minutes?: number; hours?: number }
  | Exclude<CronSchedule, { type: "interval" }>;

// Both run inside the module's context.

const LOOK_AT_FUNCTIONS = `(exports) =>
  Object.entries(exports).flatMap(([name, value]) => {
    if (value === null || (typeof value !== "function" && typeof value !== "object")) return [];
    const type = value.isQuery ? "query" : value.isMutation ? "mutation" : "action";
    if (!value[type === "query" ? "isQuery" : type === "mutation" ? "isMutation" : "isAction"]) {
      return [];
    }
    const [args, returns] = [value.exportArgs(), value.exportReturns()];
    JSON.parse(args);
    JSON.parse(returns);
    return [{ name, type, isInternal: Boolean(value.isInternal), args, returns }];
  })`;

const LOOK_AT_CRONS = `(exports) => {
  if (!exports.default?.isCrons) throw new TypeError("its default export is not cronJobs()");
  return exports.default.export();
}`;

/** Finds a component's functions and crons, by loading each of its modules. */
export async function analyze(bundle: Bundle, definitionPath: string): Promise<Analysis> {
  const modules = bundle.paths.filter((path) => !path.startsWith("_deps/"));
  const functions = new Map<string, FunctionInfo>();
  const look = <T>(path: string, source: string) =>
    inspect<T>(bundle, path, source, (problem) => refusal(path, problem, definitionPath));

  for (const path of modules) {
    for (const found of await look<ExportedFunction[]>(path, LOOK_AT_FUNCTIONS)) {
      const { type, isInternal, args, returns } = found;
      const name = canonicalName(`${path}:${found.name}`);
      const visibility = isInternal ? "internal" : "public";
      functions.set(name, { name, type, visibility, args, returns });
    }
  }

  const crons: CronSpec[] = [];
  if (modules.includes("crons.js")) {
    const exported = JSON.parse(await look<string>("crons.js", LOOK_AT_CRONS)) as Record<
      string,
      ExportedCron
    >;
    for (const [name, cron] of Object.entries(exported)) {
      const spec = cronSpec(name, cron);
      const problem = problemOf(spec, functions);
      if (problem) throw refusal("crons.js", problem, definitionPath);
      crons.push(spec);
    }
  }
  return { functions, crons, modules };
}

function cronSpec(name: string, { name: called, args, schedule }: ExportedCron): CronSpec {
  return {
    name,
    function: canonicalName(called),
    args: args[0] ?? {},
    schedule: schedule.type === "interval" ? inSeconds(schedule) : schedule,
  };
}

function inSeconds(interval: ExportedSchedule & { type: "interval" }): CronSchedule {
  const { seconds = 0, minutes = 0, hours = 0 } = interval;
  return { type: "interval", seconds: seconds + 60 * minutes + 3600 * hours };
}

function problemOf(cron: CronSpec, functions: ReadonlyMap<string, FunctionInfo>) {
  const called = functions.get(cron.function);
  if (!called) return `"${cron.name}" runs ${cron.function}, which does not exist`;
  if (called.type === "query") return `"${cron.name}" runs ${cron.function}, which is a query`;
  return undefined;
}

function refusal(path: string, problem: string, definitionPath: string): PushError {
  const where = definitionPath === "" ? "" : `\nin the component at ${definitionPath}`;
  return new PushError(
    "InvalidModules",
    `Loading the pushed modules encountered the following error:\nFailed to analyze ${path}: ${problem}${where}`,
  );
}
