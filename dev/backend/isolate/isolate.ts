import { atob, btoa } from "node:buffer";
import { createHash, randomFillSync, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { Script, createContext, type Context, type SourceTextModule } from "node:vm";
import { setLongTimeout } from "../longTimeout.js";
import { keepingAsyncStack } from "./asyncStack.js";
import type { Bundle, Refusals } from "./bundle.js";
import { Terminated, UserError, errorData, thrownInside, type ErrorParts } from "./errors.js";
import { patient } from "./patience.js";
import { Stopwatch } from "./stopwatch.js";

const globals = new Script(readFileSync(new URL("./globals.js", import.meta.url), "utf8"), {
  filename: "globals.js",
});
// Runs nothing itself: what it is for are the microtasks, which run after it, in its time.
const microtasks = new Script("undefined");
const encoder = new TextEncoder();
/** How many times a call's limit may pass on the clock: V8's own timeout counts clock time. */
const STALLS = 4;

/** What the code inside may ask of the host. */
export interface Host {
  /** Answers at once. Throws to make the call inside throw. */
  syscall(name: string, args: string): string;
  /** Started when the code inside waits for it. Rejects to make the call inside reject. */
  asyncSyscall(name: string, args: string): Promise<string>;
  /** The call's time: the same whenever it is asked for. */
  now(): number;
  log(level: string, text: string): void;
  /** Environment variables: JSON text of an object. Default: none. */
  environment?(): string | undefined;
  /**
   * Called when a row is read that an answer to 1.0/queryStreamNext brought: those answers are
   * arrays of what the platform answers one by one. Throws to make the read throw.
   */
  readRow(queryId: number): void;
}

export interface IsolateOptions {
  host: Host;
  /** Most time that code may take, in ms, without what it waits for. */
  timeLimit: number;
  /** Actions have timers. */
  isAction: boolean;
}

interface Answer {
  failed: boolean;
  text: string;
  data: string | undefined;
}

/** What globals.js returns. */
interface Inside {
  call(exports: object, name: string, method: string, ...args: string[]): void;
  look(exports: object, look: unknown): void;
  settle(id: number, text: string): void;
  reject(id: number, text: string, data: string | undefined): void;
  errorParts(error: unknown): ErrorParts;
  TypeError: new (message: string) => Error;
}

type Outcome = { result: string } | { error: Error };

/**
 * A fresh V8 context with one module and what it imports, for one call, as Convex makes them. The
 * context has a separate queue of microtasks, which runs only when the host lets it, so that its
 * time can be measured and limited.
 */
export class Isolate {
  /** Time to compile, link and evaluate the module, in ms. */
  loadTime = 0;
  private readonly stopwatch = new Stopwatch();
  private readonly context: Context;
  private readonly inside: Inside;
  private exports: object = {};
  private release: () => void = () => {};
  private isLoading = true;
  private outcome: Outcome | undefined;
  private lastId = 0;
  /** Asked for by the code inside, but not started yet. */
  private asked: { id: number; start: () => Promise<string> }[] = [];
  private running = 0;
  private sleeping = 0;
  private answers: { id: number; answer: Answer }[] = [];
  private wake: (() => void) | undefined;

  private constructor(private readonly options: IsolateOptions) {
    this.context = createContext(
      {},
      { codeGeneration: { strings: false, wasm: true }, microtaskMode: "afterEvaluate" },
    );
    const install = globals.runInContext(this.context) as (host: object) => Inside;
    this.inside = install(this.offers());
  }

  /** Loads a module. Rejects with what it throws, or with what a deployment says against it. */
  static async load(bundle: Bundle, path: string, options: IsolateOptions): Promise<Isolate> {
    const isolate = new Isolate(options);
    const begin = performance.now();
    const { context } = isolate;
    const { entry, release } = await bundle
      .link(path, context, isolate.refusals())
      .catch((error) => {
        throw isolate.userError(error);
      });
    isolate.release = release;
    try {
      isolate.evaluate(entry);
    } catch (error) {
      release();
      throw error;
    }
    isolate.loadTime = performance.now() - begin;
    isolate.stopwatch.reset();
    isolate.exports = entry.namespace;
    isolate.isLoading = false;
    return isolate;
  }

  /** Time spent in the module's own code after it was loaded, in ms. */
  get userTime(): number {
    return this.stopwatch.elapsed;
  }

  /**
   * Calls `exports[name][method](...args)`, and resolves with the string that it resolves with. It
   * is the isolate's one call: so is `look`.
   */
  async call(name: string, method: string, ...args: string[]): Promise<string> {
    this.inside.call(this.exports, name, method, ...args);
    return await this.drive();
  }

  /** Runs a function of the module's exports inside, and returns its result by way of JSON. */
  async look(look: string): Promise<unknown> {
    const script = new Script(`(${look})`).runInContext(this.context) as unknown;
    this.inside.look(this.exports, script);
    return JSON.parse(await this.drive()) as unknown;
  }

  private evaluate(module: SourceTextModule): void {
    // The promise settles in a queue that runs no more, and the module's status tells at once.
    this.stopwatch.start();
    const done = this.limited((timeout) => module.evaluate({ timeout }));
    done.catch(() => {});
    // So that the promise's own failure is heard of, by the line above.
    this.limited((timeout) => void microtasks.runInContext(this.context, { timeout }));
    if (module.status === "errored") throw this.userError(module.error);
  }

  private refusals(): Refusals {
    return {
      importMeta: () => {
        throw new this.inside.TypeError("import.meta unsupported");
      },
      // Its promise would settle in the host's queue, and the code inside never hear of it.
      dynamicImport: () => {
        this.outcome = {
          error: new UserError("TypeError", "dynamic module import unsupported", ""),
        };
      },
    };
  }

  private userError(error: unknown): Error {
    // If time ran out while the module loaded, there is no error.
    if (error === null) return timedOut(this.options.timeLimit);
    return thrownInside(...this.inside.errorParts(error));
  }

  /** Lets the code inside run, and answers it, in turns, until its promise is settled. */
  private async drive(): Promise<string> {
    try {
      for (;;) {
        this.limited((timeout) => void microtasks.runInContext(this.context, { timeout }));
        if (this.outcome && "error" in this.outcome) throw this.outcome.error;
        for (const { id, start } of this.asked.splice(0)) this.begin(id, start);
        if (this.outcome) return this.outcome.result;
        await this.hearAnswers();
      }
    } finally {
      // What was begun ends before the call does, though nobody waits for it.
      while (this.running > 0) await this.nextAnswer();
      this.release();
    }
  }

  private async hearAnswers(): Promise<void> {
    if (this.answers.length === 0) {
      if (this.running + this.sleeping === 0) throw new UserError("Error", NEVER_RESOLVES, "");
      await this.nextAnswer();
    }
    for (const { id, answer } of this.answers.splice(0)) {
      if (answer.failed) this.inside.reject(id, answer.text, answer.data);
      else this.inside.settle(id, answer.text);
    }
  }

  private nextAnswer(): Promise<void> {
    return new Promise((wake) => (this.wake = wake));
  }

  private begin(id: number, start: () => Promise<string>): void {
    this.running++;
    const finish = (answer: Answer) => {
      this.running--;
      this.hear(id, answer);
    };
    start().then(
      (text) => finish(success(text)),
      (error: unknown) => finish(failure(error)),
    );
  }

  private hear(id: number, answer: Answer): void {
    this.answers.push({ id, answer });
    this.wake?.();
  }

  /** Wakes a timer. A call that ends does not wait for its timers. */
  private sleep(delay: number): number {
    const id = ++this.lastId;
    this.sleeping++;
    setLongTimeout(() => {
      this.sleeping--;
      this.hear(id, success(""));
    }, delay);
    return id;
  }

  /** Runs code inside, in what is left of its time. */
  private limited<T>(run: (timeout: number) => T): T {
    const { timeLimit } = this.options;
    const left = Math.max(1, Math.ceil(patient(timeLimit) - this.stopwatch.elapsed));
    let result: T;
    try {
      result = keepingAsyncStack(() => run(left + Math.ceil(STALLS * patient(timeLimit))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      throw timedOut(timeLimit);
    } finally {
      this.stopwatch.stop();
    }
    if (this.stopwatch.elapsed > patient(timeLimit)) throw timedOut(timeLimit);
    return result;
  }

  /** The host's side of globals.js. */
  private offers(): object {
    const { host, isAction } = this.options;
    const { stopwatch } = this;
    return {
      isAction,
      environment: host.environment?.() ?? "{}",
      started: () => stopwatch.start(),
      done: (result: string) => {
        stopwatch.stop();
        this.outcome = { result };
      },
      failed: (...parts: ErrorParts) => {
        stopwatch.stop();
        this.outcome = { error: thrownInside(...parts) };
      },
      syscall: (name: string, args: string): Answer => {
        if (this.isLoading) return failure(new Error(NO_DATABASE));
        return answer(() => stopwatch.outside(() => host.syscall(name, args)));
      },
      readRow: (queryId: number): Answer =>
        answer(() => {
          host.readRow(queryId);
          return "";
        }),
      asyncSyscall: (name: string, args: string): number => {
        const id = ++this.lastId;
        const isRefused = this.isLoading;
        const start = () =>
          isRefused ? Promise.reject(new Error(NO_DATABASE)) : host.asyncSyscall(name, args);
        this.asked.push({ id, start });
        return id;
      },
      sleep: (delay: number) => this.sleep(delay),
      unsupported: (name: string) => `${name} is not supported by the development backend`,
      now: () => (this.isLoading ? undefined : host.now()),
      log: (level: string, text: string) => host.log(level, text),
      encodeInto: (text: string, bytes: Uint8Array) => encoder.encodeInto(text, bytes),
      decode: (bytes: Uint8Array, fatal: boolean, ignoreBOM: boolean) =>
        attempt(() => new TextDecoder("utf-8", { fatal, ignoreBOM }).decode(bytes)),
      atob: (text: string) => attempt(() => atob(text)),
      btoa: (text: string) => attempt(() => btoa(text)),
      fromBase64: (text: string) => Buffer.from(text, "base64"),
      random: (bytes: Uint8Array) => void randomFillSync(bytes),
      randomUUID: () => randomUUID(),
      digest: (name: string, bytes: Uint8Array, hash: Uint8Array) =>
        DIGESTS.has(name) ? digestInto(hash, name, bytes) : undefined,
    };
  }
}

function timedOut(timeLimit: number): Terminated {
  return new Terminated(`Function execution timed out (maximum duration: ${timeLimit / 1000}s)`);
}

/** Those of SubtleCrypto. */
const DIGESTS = new Set(["SHA-1", "SHA-256", "SHA-384", "SHA-512"]);

/** Writes the hash of `bytes`, and returns how long it is. */
function digestInto(hash: Uint8Array, name: string, bytes: Uint8Array): number {
  const digest = createHash(name.replace("-", "")).update(bytes).digest();
  hash.set(digest);
  return digest.length;
}

const NO_DATABASE = "Can't use database at import time";
const NEVER_RESOLVES = "Returned promise will never resolve";

function success(text: string): Answer {
  return { failed: false, text, data: undefined };
}

function failure(error: unknown): Answer {
  return { failed: true, text: (error as Error).message, data: errorData(error) };
}

function answer(work: () => string): Answer {
  try {
    return success(work());
  } catch (error) {
    return failure(error);
  }
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
