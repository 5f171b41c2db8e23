import { ConvexHttpClient } from "convex/browser";
import type { FunctionArgs, FunctionReference, FunctionReturnType } from "convex/server";

/** What the backend wrote down of a function call: a part of dev/backend/engine/calls.ts. */
interface CallRecord {
  /** The call that made this one. */
  parent?: number;
  /** "my_kv:vacuum". */
  name: string;
  /** Nested calls included. */
  usage: { documentsRead: number; documentsWritten: number };
}

interface Row {
  expiresAt?: number;
}

/** The development backend that the app was pushed to, called as a deployment is. */
export class Backend {
  /** What the backend's clock shows: it stands still but for `advance`. */
  now = NaN;
  /** How many functions were called. */
  calls = 0;
  private readonly client: ConvexHttpClient;
  private readonly admin: AdminClient;

  constructor(
    private readonly url: string,
    adminKey: string,
  ) {
    this.client = new ConvexHttpClient(url, { logger: false });
    this.admin = new ConvexHttpClient(url, { logger: false }) as unknown as AdminClient;
    this.admin.setAdminAuth(adminKey);
  }

  query<F extends FunctionReference<"query">>(
    f: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    this.calls++;
    return (this.client as unknown as Client<F>).query(f, args);
  }

  mutation<F extends FunctionReference<"mutation">>(
    f: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    this.calls++;
    return (this.client as unknown as Client<F>).mutation(f, args);
  }

  /**
   * Moves the clock on, and waits until what was due by then has run: scheduled functions, though
   * not what they schedule in turn, and each cron once.
   */
  async advance(milliseconds: number): Promise<void> {
    const body = String(milliseconds);
    const { now } = await this.ask<{ now: number }>("/dev/advance", { method: "POST", body });
    this.now = now;
  }

  /**
   * What ran so far, by whomever it was called. A call of another function is part of its caller.
   */
  async transactions(): Promise<CallRecord[]> {
    const calls = await this.ask<CallRecord[]>("/dev/calls");
    return calls.filter(({ parent }) => parent === undefined);
  }

  /** How many rows the component's table holds, expired or not: the dashboard's view. */
  async rows(): Promise<{ permanent: number; expiring: number }> {
    const { page } = await this.admin.function("_system/cli/tableData", "convexKv", {
      table: "kv",
      paginationOpts: { numItems: 1000, cursor: null },
    });
    const expiring = page.filter((row) => row.expiresAt !== undefined).length;
    return { permanent: page.length - expiring, expiring };
  }

  private async ask<T>(path: string, init?: RequestInit): Promise<T> {
    const response = await fetch(this.url + path, init);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as T;
  }
}

// The client's own types let arguments be left out, which generic code cannot make use of.
interface Client<F extends AnyFunction> {
  query(f: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>>;
  mutation(f: F, args: FunctionArgs<F>): Promise<FunctionReturnType<F>>;
}
type AnyFunction = FunctionReference<"query" | "mutation">;

// What the client keeps out of its types, though the CLI calls it. The function is the one behind
// `npx convex data`.
interface AdminClient {
  setAdminAuth(adminKey: string): void;
  function(name: string, componentPath: string, args: object): Promise<{ page: Row[] }>;
}
