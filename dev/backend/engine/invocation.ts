import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import { locate, type Component, type FunctionInfo, type FunctionType } from "../deployment.js";
import { Isolate, type Host } from "../isolate/isolate.js";
import type { CallLog } from "./calls.js";
import type { FunctionPath } from "./engine.js";
import { QueryStreams } from "./queryStreams.js";
import type { IndexFields } from "./schema.js";
import { scopes, type Scope } from "./scope.js";
import { answerSyscalls } from "./syscalls.js";
import { difference, usageOf } from "./usage.js";
import { checkPassed } from "./valueLimits.js";

/**
 * Own code of a query or mutation may take so long, in ms: docs.convex.dev/production/state/limits
 */
const TRANSACTION_TIME_LIMIT = 1_000;
/** A deployment gives actions ten minutes. Here one that never ends would hold up all others. */
const ACTION_TIME_LIMIT = 10_000;

/** What is run. */
export interface Target {
  component: Component;
  info: FunctionInfo;
  indexFields: IndexFields;
}

export interface Surroundings {
  log: CallLog;
  environmentFor(component: string): string | undefined;
  visibilityOf(path: FunctionPath): FunctionInfo["visibility"] | undefined;
  /** Calls another function, in a separate transaction. */
  call(type: FunctionType, path: FunctionPath, args: Value): Promise<Value>;
}

/** Runs one function in a fresh context, and records what it did. */
export async function invoke(
  { component, info, indexFields }: Target,
  args: Value,
  scope: Scope,
  { log, environmentFor, visibilityOf, call }: Surroundings,
): Promise<Value> {
  const { transaction, request } = scope;
  const { path } = component;
  const id = log.newId();
  const at = Date.now();
  const begin = performance.now();
  const before = await usageOf(transaction);
  const writesBefore = transaction?.writes.length ?? 0;
  let clockWasRead = false;
  const readClock = () => {
    clockWasRead = true;
    scope.readClock?.();
  };
  const host: Host = {
    ...answerSyscalls({
      component: path,
      type: info.type,
      transaction,
      streams: transaction && new QueryStreams(path, transaction, indexFields),
      visibilityOf,
      runAsAction: (type, component, name, args) => {
        const inner = { call: id, ...(request && { request: { logLines: request.logLines } }) };
        return scopes.run(inner, () => call(type, { component, name }, args));
      },
    }),
    environment: () => environmentFor(path),
    now: () => {
      readClock();
      // An action has no transaction, and its clock goes on.
      return transaction?.now ?? Date.now();
    },
    log: (level, text) => request?.logLines.push(`[${level}] ${text}`),
  };
  const run = new Run(component, info, host);
  let failure: string | undefined;
  try {
    return await scopes.run({ ...scope, call: id, readClock }, () => run.call(args, id));
  } catch (error) {
    transaction?.rollBack(writesBefore);
    failure = (error as Error).message;
    throw error;
  } finally {
    log.add({
      id,
      ...(scope.call !== undefined && { parent: scope.call }),
      component: path,
      name: info.name,
      type: info.type,
      at,
      ...run.times,
      totalMs: performance.now() - begin,
      usage: difference(await usageOf(transaction), before),
      clockWasRead,
      ...(failure !== undefined && { error: failure }),
    });
  }
}

/** A function's one run, and how long it took. */
class Run {
  private isolate: Isolate | undefined;

  constructor(
    private readonly component: Component,
    private readonly info: FunctionInfo,
    private readonly host: Host,
  ) {}

  get times() {
    return { loadMs: this.isolate?.loadTime ?? 0, userMs: this.isolate?.userTime ?? 0 };
  }

  async call(args: Value, id: number): Promise<Value> {
    const { type, name } = this.info;
    const { module, exported } = locate(name);
    const json = convexToJson(args ?? {});
    const text = JSON.stringify([json]);
    checkPassed("function arguments", text, json);
    const isAction = type === "action";
    const timeLimit = isAction ? ACTION_TIME_LIMIT : TRANSACTION_TIME_LIMIT;
    const options = { host: this.host, timeLimit, isAction };
    this.isolate = await Isolate.load(this.component.bundle, module, options);
    // An action is told its request's id.
    const passed = isAction ? [String(id), text] : [text];
    const result = await this.isolate.call(exported, `invoke${title(type)}`, ...passed);
    const value = JSON.parse(result) as JSONValue;
    checkPassed("function return value", result, value);
    return jsonToConvex(value);
  }
}

/** "query" -> "Query". */
export function title(type: FunctionType): string {
  return type.charAt(0).toUpperCase() + type.slice(1);
}
