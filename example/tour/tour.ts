import { isKvError, type KvErrorCode } from "@hamzasaleemorg/convex-kv";
import {
  getFunctionName,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import type { Backend } from "./backend.js";
import { formatValue, readableTime } from "./format.js";
import { bold, cyan, dim, green, LINE, print, printBlock, red, wrap } from "./terminal.js";

const ARROW = "-> ";

/** Calls the app's functions and tells of it. What is printed is what was called. */
export class Tour {
  private readonly startedAt = performance.now();
  private chapters = 0;

  constructor(readonly backend: Backend) {}

  async begin(): Promise<void> {
    await this.backend.advance(0);
    print();
    print(bold("Convex KV: a tour of the example app"));
    print();
    for (const line of wrap(
      "Convex's CLI has pushed the app to the development backend, which runs each call in a fresh context, with Convex's transaction limits in force. The tour calls the app's functions over HTTP, with Convex's own client. The backend's clock stands still until the tour moves it, and says so.",
      80,
    )) {
      print(line);
    }
    print(dim(`It is ${readableTime(this.backend.now)}, UTC.`));
  }

  async end(): Promise<void> {
    const seconds = ((performance.now() - this.startedAt) / 1000).toFixed(1);
    const { calls } = this.backend;
    const transactions = await this.backend.transactions();
    const read = sum(transactions.map(({ usage }) => usage.documentsRead));
    const written = sum(transactions.map(({ usage }) => usage.documentsWritten));
    print();
    print(
      bold(`That was it: ${this.chapters} chapters, ${calls} function calls, ${seconds} s.`) +
        " All as it should be.",
    );
    for (const line of wrap(
      `With what the cron and the deletion did by themselves, these were ${transactions.length} transactions. They read ${read} documents, and wrote or deleted ${written}.`,
      80,
    )) {
      print(dim(line));
    }
  }

  /** Tells of what ended the tour early. */
  fail(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    print();
    console.error(red(`The tour ended early, since this is not as it should be: ${message}`));
  }

  chapter(title: string, intro: string): void {
    this.chapters++;
    print();
    print(bold(`${String(this.chapters).padStart(2)}  ${title}`));
    printBlock(wrap(intro), "", dim);
  }

  /** Says what comes next. */
  step(text: string): void {
    print();
    printBlock(wrap(text));
  }

  async query<F extends FunctionReference<"query">>(
    f: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    tellCall(f, args);
    return tellResult(await this.backend.query(f, args));
  }

  async mutation<F extends FunctionReference<"mutation">>(
    f: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    tellCall(f, args);
    return tellResult(await this.backend.mutation(f, args));
  }

  /** A call that must fail with this code. */
  async refusedQuery<F extends FunctionReference<"query">>(
    code: KvErrorCode,
    f: F,
    args: FunctionArgs<F>,
  ): Promise<void> {
    tellCall(f, args);
    await tellRefusal(code, this.backend.query(f, args));
  }

  async refusedMutation<F extends FunctionReference<"mutation">>(
    code: KvErrorCode,
    f: F,
    args: FunctionArgs<F>,
  ): Promise<void> {
    tellCall(f, args);
    await tellRefusal(code, this.backend.mutation(f, args));
  }

  /** Moves the clock, and says so. */
  async later(name: string, milliseconds: number): Promise<void> {
    await this.backend.advance(milliseconds);
    print();
    printBlock([`~~ ${name} later: ${readableTime(this.backend.now)} ~~`], "", dim);
  }

  /** A line about what can be seen from outside, such as a count. */
  fact(text: string): void {
    printBlock([text], "   ");
  }

  /** What to notice. */
  notice(text: string): void {
    printBlock(wrap(text, LINE - 2), green("* "), green);
  }
}

function tellCall(f: FunctionReference<"query" | "mutation">, args: object): void {
  const name = getFunctionName(f).replace(":", ".");
  const isEmpty = Object.keys(args).length === 0;
  const lines = isEmpty ? [""] : formatValue(args, LINE, LINE - name.length - 2);
  const last = lines.length - 1;
  printBlock(
    lines.map((line, i) => `${i === 0 ? `${name}(` : ""}${line}${i === last ? ")" : ""}`),
    "",
    cyan,
  );
}

function tellResult<T>(result: T): T {
  const paint = result === null ? dim : undefined;
  printBlock(formatValue(result, LINE - ARROW.length), dim(ARROW), paint);
  return result;
}

async function tellRefusal(code: KvErrorCode, call: Promise<unknown>): Promise<void> {
  const error = await call.then(
    (result) => {
      throw new Error(
        `Expected ${code}, but the call returned ${formatValue(result, 60).join(" ")}`,
      );
    },
    (error: unknown) => error,
  );
  if (!isKvError(error) || error.data.code !== code) throw error;
  printBlock(
    [`ConvexError ${code}`, ...wrap(error.data.message, LINE - ARROW.length)],
    dim(ARROW),
    red,
  );
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
