import { randomBytes } from "node:crypto";
import type { JSONValue } from "convex/values";
import { Crons } from "./crons.js";
import type { Deployment } from "./deployment.js";
import { Environment } from "./environment.js";
import { CallLog, type CallRecord } from "./engine/calls.js";
import {
  Engine,
  type FunctionPath,
  type MutationOutcome,
  type Outcome,
  type QueryOutcome,
} from "./engine/engine.js";
import { RequestError, failureOf } from "./engine/errors.js";
import type { Transaction } from "./engine/transaction.js";
import { isSystemFunction, runSystemFunction } from "./system.js";
import type { Usage } from "./engine/usage.js";

const CALLS_KEPT = 10_000;

/** What happened that a query's result may depend on. */
export type Change = { committed: Transaction } | { deployed: Deployment };

export interface BackendOptions {
  /** Called with every call, once it has ended. */
  onCall(record: CallRecord): void;
  /** Told what a person should know of. */
  onNotice(text: string): void;
  /** Of transactions, lower than the platform's. */
  limits?: Partial<Usage>;
}

/** A development deployment: what was pushed, its data, and who wants to hear of changes. */
export class Backend {
  /** What the CLI has to know to push here. */
  readonly adminKey = `local|${randomBytes(16).toString("hex")}`;
  readonly log: CallLog;
  /** Where clients find it; "" until it is served. */
  url = "";
  readonly environment = new Environment();
  private engine: Engine | undefined;
  private deployment: Deployment | null = null;
  /** Of transactions, until the next reset. */
  private limits: Partial<Usage> | undefined;
  private readonly crons = new Crons((path, args) => this.mutationOrAction(path, args));
  private readonly listeners = new Set<(change: Change) => void>();

  constructor(private readonly options: BackendOptions) {
    this.log = new CallLog(CALLS_KEPT, (record) => options.onCall(record));
    this.limits = options.limits;
  }

  /** The time of the latest commit. */
  get ts(): bigint {
    return this.engine?.ts ?? 0n;
  }

  /** What is deployed now; null before the first push. */
  current(): Deployment | null {
    return this.deployment;
  }

  deploy(next: Deployment): Promise<void> {
    this.deployment = next;
    if (!this.engine?.redeploy(next)) {
      if (this.engine) {
        this.options.onNotice("The tables or the modules have changed: the database starts empty.");
      }
      this.begin(next);
    }
    this.crons.replace(next);
    this.tell({ deployed: next });
    return Promise.resolve();
  }

  /**
   * Empties the database, as if what is deployed had just been pushed for the first time.
   *
   * @param limits Of transactions, lower than the platform's. Default: those that it began with.
   */
  reset(limits?: Partial<Usage>): void {
    this.limits = limits ?? this.options.limits;
    if (!this.deployment) return;
    this.begin(this.deployment);
    this.crons.replace(this.deployment);
    this.tell({ deployed: this.deployment });
  }

  /**
   * Changes environment variables. What has been read may depend on any of them.
   *
   * @param changes As the CLI sends them. Throws a RequestFault if they are none.
   */
  setEnvironment(changes: unknown): void {
    this.environment.update(changes);
    if (this.deployment) this.tell({ deployed: this.deployment });
  }

  async query(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<QueryOutcome> {
    const query = isSystemFunction(path)
      ? this.systemQuery(path, args, isAdmin)
      : this.guarded(path, isAdmin, (engine) => engine.query(path, args, isAdmin));
    return await query.catch((error: unknown) => ({
      outcome: failed(error),
      transaction: undefined,
    }));
  }

  private async systemQuery(
    path: FunctionPath,
    args: JSONValue,
    isAdmin: boolean,
  ): Promise<QueryOutcome> {
    if (!isAdmin) throw new RequestError("Only an admin can call the system's functions.");
    const { engine, environment, url } = this;
    const value = await runSystemFunction({ engine, environment, url }, path, args);
    return { outcome: { value, logLines: [] }, transaction: undefined };
  }

  async mutation(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<MutationOutcome> {
    return await this.guarded(path, isAdmin, (engine) =>
      engine.mutation(path, args, isAdmin),
    ).catch((error: unknown) => ({ outcome: failed(error), ts: undefined }));
  }

  async action(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<Outcome> {
    return await this.guarded(path, isAdmin, (engine) => engine.action(path, args, isAdmin)).catch(
      failed,
    );
  }

  /** Runs a function of whatever type it has. */
  async run(path: FunctionPath, args: JSONValue, isAdmin: boolean): Promise<Outcome> {
    const type = this.engine?.typeOf(path);
    if (type === "mutation") return (await this.mutation(path, args, isAdmin)).outcome;
    if (type === "action") return await this.action(path, args, isAdmin);
    return (await this.query(path, args, isAdmin)).outcome;
  }

  /** Whether anything is committed that listeners have not been told of: soon they will be. */
  get hasNews(): boolean {
    return (this.engine?.untold ?? 0) > 0;
  }

  /** Calls `listener` after every change, until the function returned is called. */
  listen(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Waits for the scheduled functions and crons that have begun. */
  async settle(): Promise<void> {
    await this.crons.settle();
    await this.engine?.settle();
  }

  private begin(deployment: Deployment): void {
    void this.engine?.close();
    this.engine = new Engine(deployment, {
      firstTs: this.ts,
      limits: this.limits,
      environmentFor: (component) => this.environment.textFor(component),
      log: this.log,
      onCommit: (transaction) => this.tell({ committed: transaction }),
    });
  }

  private async guarded<T>(
    { component, name }: FunctionPath,
    isAdmin: boolean,
    run: (engine: Engine) => Promise<T>,
  ): Promise<T> {
    if (component !== "" && !isAdmin) {
      throw new RequestError("Only an admin can call the functions of a component directly.");
    }
    if (!this.engine) throw new RequestError(`Nothing is deployed, so there is no '${name}'.`);
    return await run(this.engine);
  }

  private async mutationOrAction(path: FunctionPath, args: JSONValue): Promise<void> {
    const outcome = await this.run(path, args, true);
    if ("errorMessage" in outcome) this.options.onNotice(`Cron: ${outcome.errorMessage}`);
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

function failed(error: unknown): Outcome {
  return { ...failureOf(error), logLines: [] };
}
