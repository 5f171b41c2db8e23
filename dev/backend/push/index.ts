import { randomUUID } from "node:crypto";
import type { Deployment } from "../deployment.js";
import { finishPushDiff, schemaEvaluation } from "./diff.js";
import { PushError, raceDetected } from "./errors.js";
import { evaluatePush, type EvaluatedPush } from "./evaluate.js";
import { configHashes } from "./modules.js";
import { asObject, asText, parseBody, parseStart, type Json } from "./request.js";
import { schemaChange, startPushResponse } from "./response.js";

export { PushError } from "./errors.js";

/** Where pushes go. */
export interface PushTarget {
  current(): Deployment | null;
  /** Makes a deployment the current one. Throws a PushError if that is impossible. */
  deploy(next: Deployment): Promise<void>;
}

export interface PushOptions {
  adminKey: string;
  /** The backend's own address. */
  url: string;
}

export interface Push {
  /** Answers one of the CLI's calls. Null if it is none of them. */
  handle(
    method: string,
    path: string,
    authorization: string | undefined,
    body: Buffer,
  ): Promise<{ status: number; body: unknown } | null>;
}

/** Pushes that were started, and may yet be finished. */
const MOST_STARTED = 8;

interface Started {
  base: Deployment | null;
  next: Deployment;
}

/** The calls by which the official CLI deploys. */
export function createPush(target: PushTarget, { adminKey, url }: PushOptions): Push {
  const started = new Map<string, Started>();

  const evaluate = async (
    body: Json,
  ): Promise<{ push: EvaluatedPush; base: Deployment | null }> => {
    const base = target.current();
    return { push: await evaluatePush(parseStart(body), base), base };
  };

  const startPush = async (body: Json) => {
    const { push, base } = await evaluate(body);
    const pushId = randomUUID();
    started.set(pushId, { base, next: push.deployment });
    const [oldest] = started.keys();
    if (started.size > MOST_STARTED) started.delete(oldest!);
    return startPushResponse(push, base, pushId);
  };

  const finishPush = async (body: Json) => {
    const pushId = asText(asObject(body.startPush, "startPush").pushId, "pushId");
    const push = started.get(pushId);
    // What was evaluated against one deployment does not replace another.
    if (!push || push.base !== target.current()) throw raceDetected();
    started.delete(pushId);
    if (body.dryRun !== true) await target.deploy(push.next);
    return finishPushDiff(push.base, push.next);
  };

  const calls: Record<string, (body: Json) => Promise<unknown>> = {
    "GET /api/v1/get_canonical_urls": () =>
      Promise.resolve({ convexCloudUrl: url, convexSiteUrl: url }),
    "POST /api/get_config_hashes": () => Promise.resolve(configHashes(target.current())),
    "POST /api/deploy2/evaluate_schema": async (body) => {
      const { push, base } = await evaluate(body);
      return schemaEvaluation(base, push.deployment);
    },
    "POST /api/deploy2/evaluate_push": async (body) => {
      const { push, base } = await evaluate(body);
      return { schemaChange: schemaChange(push.deployment, base) };
    },
    "POST /api/deploy2/start_push": startPush,
    // Indexes are there at once.
    "POST /api/deploy2/wait_for_schema": () => Promise.resolve({ type: "complete" }),
    "POST /api/deploy2/finish_push": finishPush,
    "POST /api/deploy2/report_push_completed": () => Promise.resolve(null),
  };

  const authorize = (authorization: string | undefined, body: Json) => {
    if (authorization === `Convex ${adminKey}` || body.adminKey === adminKey) return;
    if (authorization === undefined && body.adminKey === undefined) {
      throw new PushError("MissingAdminKey", "This needs the admin key.", 401);
    }
    throw new PushError("BadAdminKey", "The admin key is not this backend's.", 403);
  };

  return {
    async handle(method, path, authorization, body) {
      const [pathname] = path.split("?");
      const call = calls[`${method} ${pathname}`];
      if (!call) return null;
      try {
        const parsed = method === "GET" ? {} : parseBody(body);
        authorize(authorization, parsed);
        return { status: 200, body: await call(parsed) };
      } catch (error) {
        if (!(error instanceof PushError)) throw error;
        const { code, message, status } = error;
        return { status, body: { code, message } };
      }
    },
  };
}
