import { AsyncLocalStorage } from "node:async_hooks";
import type { TestConvex } from "convex-test";
import type {
  AnyDataModel,
  GenericMutationCtx,
  GenericSchema,
  SchemaDefinition,
} from "convex/server";
import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import {
  canonicalName,
  locate,
  type Component,
  type Deployment,
  type FunctionInfo,
  type FunctionType,
} from "../deployment.js";
import type { CallLog } from "./calls.js";
import { convexTest } from "./convexTest.js";
import { RequestError, failureOf, type Failure } from "./errors.js";
import { invoke, title } from "./invocation.js";
import { platform } from "./platform.js";
import { schemaDefinition, type IndexFields, indexFieldsOf } from "./schema.js";
import { scopes, type Request, type Scope } from "./scope.js";
import { Transaction } from "./transaction.js";
import type { Usage } from "./usage.js";

const outside = AsyncLocalStorage.snapshot();

/** Which function, and in which component. */
export interface FunctionPath {
  component: string;
  name: string;
}

/** How a call from outside ended. */
export type Outcome = ({ value: JSONValue } | Failure) & { logLines: string[] };

export interface QueryOutcome {
  outcome: Outcome;
  /** Where it ran. */
  transaction: Transaction | undefined;
}

export interface MutationOutcome {
  outcome: Outcome;
  /** When it was committed. */
  ts: bigint | undefined;
}

export interface EngineOptions {
  log: CallLog;
  /** No commit is earlier. */
  firstTs: bigint;
  /** Of transactions, lower than the platform's. */
  limits?: Partial<Usage> | undefined;
  /** The environment variables that a component's functions see, as JSON. Default: none. */
  environmentFor?(component: string): string;
  /** Called with each mutation, once it is committed. */
  onCommit(transaction: Transaction): void;
}

// convex-test has these, but keeps them out of its types.
interface Untyped {
  queryFromPath: RunFromPath;
  mutationFromPath: RunFromPath;
  actionFromPath: RunFromPath;
}
type RunFromPath = (
  path: { componentPath: string; udfPath: string },
  args: Value,
) => Promise<Value>;
type Database = TestConvex<SchemaDefinition<GenericSchema, boolean>> & Untyped;

/**
 * A deployment's functions over convex-test's database. That resolves and validates each call, and
 * keeps its transaction; the code itself runs in a separate context.
 */
export class Engine {
  private readonly database: Database;
  private readonly indexFields = new Map<string, IndexFields>();
  private isClosed = false;
  /** The time of the latest commit, in ns since 1970. Never the same twice. */
  ts: bigint;
  /** How many transactions are committed, and `onCommit` has not been told of. */
  untold = 0;

  constructor(
    private deployment: Deployment,
    private readonly options: EngineOptions,
  ) {
    this.ts = options.firstTs;
    const app = this.component("");
    const schema = schemaDefinition(app);
    const modules = this.modules(app);
    const settings = {
      modules,
      transactionLimits: options.limits ?? true,
      ...(schema && { schema }),
    };
    this.database = convexTest(settings) as Database;
    for (const component of deployment.components.values()) {
      this.indexFields.set(component.path, indexFieldsOf(component));
      if (component.path === "") continue;
      const schema = schemaDefinition(component) as SchemaDefinition<GenericSchema, boolean>;
      this.database.registerComponent(component.path, schema, this.modules(component));
    }
  }

  /** Lets new code run on the data that is there. False if the data could not be kept. */
  redeploy(next: Deployment): boolean {
    if (shapeOf(next) !== shapeOf(this.deployment)) return false;
    this.deployment = next;
    return true;
  }

  /** Lets nothing run any more, and cancels what is still scheduled. */
  async close(): Promise<void> {
    this.isClosed = true;
    for (const component of this.deployment.components.keys()) {
      await this.inspect(component, async ({ db, scheduler }) => {
        for (const { _id, state } of await db.system.query("_scheduled_functions").collect()) {
          if (state.kind === "pending") await scheduler.cancel(_id);
        }
      });
    }
  }

  async query(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<QueryOutcome> {
    const request: Request = { logLines: [] };
    const outcome = await this.run("query", path, args, isAdmin, request);
    return { outcome, transaction: request.transaction };
  }

  async mutation(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<MutationOutcome> {
    const request: Request = { logLines: [] };
    const outcome = await this.run("mutation", path, args, isAdmin, request);
    return { outcome, ts: await request.transaction?.committed };
  }

  async action(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<Outcome> {
    return await this.run("action", path, args, isAdmin, { logLines: [] });
  }

  typeOf({ component, name }: FunctionPath): FunctionType | undefined {
    return this.deployment.components.get(component)?.functions.get(canonicalName(name))?.type;
  }

  /** Waits for the scheduled functions that have begun. */
  async settle(): Promise<void> {
    await this.database.finishInProgressScheduledFunctions();
  }

  /** Works on a component's tables directly, in a separate transaction. */
  async inspect<T>(component: string, look: (ctx: InspectContext) => Promise<T>): Promise<T> {
    const { runInComponent } = this.database as unknown as {
      runInComponent(component: string, look: (ctx: InspectContext) => Promise<T>): Promise<T>;
    };
    return await runInComponent(component, look);
  }

  get components(): Deployment["components"] {
    return this.deployment.components;
  }

  private async run(
    type: FunctionType,
    path: FunctionPath,
    json: JSONValue,
    isAdmin: boolean,
    request: Request,
  ): Promise<Outcome> {
    const { logLines } = request;
    try {
      if (!isAdmin) this.checkPublic(path);
      const args = argumentsOf(json);
      const value = await scopes.run({ request }, () => this.call(type, path, args));
      return { value: convexToJson(value ?? null), logLines };
    } catch (error) {
      return { ...failureOf(error), logLines };
    }
  }

  private async call(type: FunctionType, path: FunctionPath, args: Value): Promise<Value> {
    const info = this.find(path);
    if (info.type !== type) {
      throw new RequestError(
        `Trying to execute ${info.name} as ${title(type)}, but it is defined as ${title(info.type)}.`,
      );
    }
    const address = { componentPath: path.component, udfPath: info.name };
    return await this.database[`${type}FromPath`](address, args);
  }

  private visibilityOf({ component, name }: FunctionPath): FunctionInfo["visibility"] | undefined {
    const functions = this.deployment.components.get(component)?.functions;
    return functions?.get(canonicalName(name))?.visibility;
  }

  private checkPublic({ component, name }: FunctionPath): void {
    if (this.visibilityOf({ component, name }) === "public") return;
    const advice = "Did you forget to run `npx convex dev` or `npx convex deploy`?";
    throw new RequestError(`Could not find public function for '${name}'. ${advice}`);
  }

  private find({ component, name }: FunctionPath): FunctionInfo {
    const info = this.deployment.components.get(component)?.functions.get(canonicalName(name));
    if (info) return info;
    throw new RequestError(`Could not find function for '${name}'.`);
  }

  private component(path: string): Component {
    const component = this.deployment.components.get(path);
    if (!component) throw new RequestError(`There is no component "${path}"`);
    return component;
  }

  /** The component's modules as convex-test wants them: functions that run in contexts. */
  private modules({ path, functions }: Component): Record<string, () => Promise<object>> {
    const names = new Set([...functions.keys()].map((name) => locate(name).module));
    const load = (module: string) => () => {
      const own = [...this.component(path).functions.values()].filter(
        ({ name }) => locate(name).module === module,
      );
      const registered = own.map((info) => [
        locate(info.name).exported,
        this.registered(path, info.name, info),
      ]);
      return Promise.resolve(Object.fromEntries(registered) as object);
    };
    const modules = [...names].map((module) => [`/${module}`, load(module)] as const);
    // convex-test finds the root by the one file that every app has.
    const generated = ["/_generated/api.js", () => Promise.resolve({})] as const;
    return Object.fromEntries([...modules, generated]);
  }

  private registered(component: string, name: string, info: FunctionInfo): object {
    const run = info.type === "action" ? this.runAction : this.runInTransaction;
    return {
      [`is${title(info.type)}`]: true,
      [info.visibility === "public" ? "isPublic" : "isInternal"]: true,
      exportArgs: () => info.args,
      exportReturns: () => info.returns,
      _handler: (_: unknown, args: Value) => run.call(this, component, name, info.type, args),
    };
  }

  private async runInTransaction(
    component: string,
    name: string,
    type: FunctionType,
    args: Value,
  ): Promise<Value> {
    if (this.isClosed) throw new Error("This deployment was replaced");
    const scope = scopes.getStore() ?? {};
    if (scope.transaction) return await this.invoke(component, name, args, scope);
    // convex-test commits a mutation before it validates what it returns. In a separate call, a
    // result that is not valid undoes what was written.
    const transaction = new Transaction(Date.now(), this.ts);
    if (scope.request) scope.request.transaction = transaction;
    const functionHandle = `function://${component};${name}`;
    const call = { udfType: type, functionHandle, args: convexToJson(args) };
    const result = await scopes.run({ ...scope, transaction }, () =>
      platform.asyncSyscall("1.0/runUdf", JSON.stringify(call)),
    );
    if (type === "mutation") this.commit(transaction);
    return jsonToConvex(JSON.parse(result) as JSONValue);
  }

  /** Called right before convex-test commits, with nothing to wait for in between. */
  private commit(transaction: Transaction): void {
    const now = BigInt(Date.now()) * 1_000_000n;
    const ts = now > this.ts ? now : this.ts + 1n;
    this.ts = ts;
    transaction.ts = ts;
    this.untold++;
    transaction.committed = new Promise((resolve) => {
      setImmediate(() => {
        this.untold--;
        // Listeners are not part of the transaction.
        outside(() => this.options.onCommit(transaction));
        resolve(ts);
      });
    });
  }

  private async runAction(component: string, name: string, _: string, args: Value): Promise<Value> {
    if (this.isClosed) throw new Error("This deployment was replaced");
    return await this.invoke(component, name, args, scopes.getStore() ?? {});
  }

  private invoke(component: string, name: string, args: Value, scope: Scope): Promise<Value> {
    const target = {
      component: this.component(component),
      info: this.find({ component, name }),
      indexFields: this.indexFields.get(component)!,
    };
    return invoke(target, args, scope, {
      log: this.options.log,
      environmentFor: (component) => this.options.environmentFor?.(component),
      visibilityOf: (path) => this.visibilityOf(path),
      call: (type, path, args) => this.call(type, path, args),
    });
  }
}

/** What Engine.inspect hands out: the database of a mutation, of any table. */
export type InspectContext = GenericMutationCtx<AnyDataModel>;

function argumentsOf(json: JSONValue): Value {
  try {
    const args = jsonToConvex(json);
    if (
      typeof args === "object" &&
      args !== null &&
      Object.getPrototypeOf(args) === Object.prototype
    ) {
      return args;
    }
  } catch (error) {
    throw new RequestError(`Invalid arguments: ${(error as Error).message}`);
  }
  throw new RequestError("The arguments to a Convex function must be an object.");
}

/** What convex-test takes once, and keeps: the tables, and the names of modules. */
function shapeOf({ components }: Deployment): string {
  const shapes = [...components.values()].map(({ path, schema, functions }) => [
    path,
    schema,
    [...new Set([...functions.keys()].map((name) => locate(name).module))].sort(),
  ]);
  return JSON.stringify(shapes);
}
