import { register } from "@hamzasaleemorg/convex-kv/test";
import { convexTest, type TestConvex } from "convex-test";
import type {
  AnyDataModel,
  FunctionArgs,
  FunctionReference,
  FunctionReturnType,
  GenericMutationCtx,
  GenericSchema,
  SchemaDefinition,
} from "convex/server";
import { Clock } from "./clock.js";

// What a deployment would know as the app's functions.
const modules = {
  "/convex/_generated/api.js": () => import("../convex/_generated/api.js"),
  "/convex/invites.js": () => import("../convex/invites.js"),
  "/convex/metrics.js": () => import("../convex/metrics.js"),
  "/convex/my_kv.js": () => import("../convex/my_kv.js"),
  "/convex/reports.js": () => import("../convex/reports.js"),
  "/convex/sessions.js": () => import("../convex/sessions.js"),
  "/convex/settings.js": () => import("../convex/settings.js"),
};

// convex-test's own types let arguments be left out, which generic code cannot make use of.
type Call<F extends AnyFunction> = (f: F, args: FunctionArgs<F>) => Promise<FunctionReturnType<F>>;
type AnyFunction = FunctionReference<"query" | "mutation">;

/** The app, deployed to a stand-in for Convex that enforces the limits of its transactions. */
export class Backend {
  /** Monday, 2 March 2026, 09:00 UTC. */
  readonly clock = new Clock(Date.UTC(2026, 2, 2, 9));
  /** How many functions were called. */
  calls = 0;
  private readonly t: TestConvex<SchemaDefinition<GenericSchema, boolean>>;

  constructor() {
    this.clock.install();
    this.t = convexTest({ modules, transactionLimits: true });
    register(this.t);
  }

  query<F extends FunctionReference<"query">>(
    f: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    this.calls++;
    return (this.t.query as Call<F>)(f, args);
  }

  mutation<F extends FunctionReference<"mutation">>(
    f: F,
    args: FunctionArgs<F>,
  ): Promise<FunctionReturnType<F>> {
    this.calls++;
    return (this.t.mutation as Call<F>)(f, args);
  }

  /** Runs what is scheduled for now, but not what that schedules in turn. */
  async runScheduled(): Promise<void> {
    this.clock.advance(0);
    await this.t.finishInProgressScheduledFunctions();
  }

  /** How many rows the component's table holds, expired or not: the dashboard's view. */
  async rows(): Promise<{ permanent: number; expiring: number }> {
    const { runInComponent } = this.t as unknown as { runInComponent: RunInComponent };
    return await runInComponent("convexKv", async (ctx) => {
      const rows = await ctx.db.query("kv").collect();
      const expiring = rows.filter((row) => row.expiresAt !== undefined).length;
      return { permanent: rows.length - expiring, expiring };
    });
  }
}

// convex-test has it, but keeps it out of its types.
type RunInComponent = <T>(
  component: string,
  look: (ctx: GenericMutationCtx<AnyDataModel>) => Promise<T>,
) => Promise<T>;
