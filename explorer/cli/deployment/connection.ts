import {
  isKvError,
  type ComponentApi,
  type RunMutation,
  type RunQuery,
} from "@hamzasaleemorg/convex-kv";
import { ConvexHttpClient } from "convex/browser";
import { anyApi } from "convex/server";
import { Failure } from "../failures.js";
import { reasonIn } from "./cloud.js";
import type { Deployment } from "./deployment.js";

// The functions of a component are internal for its app, but an admin may call them from outside,
// as `npx convex run --component` does. So the package's own stores work here too: they are given a
// context whose calls go to the deployment.

/** What a store needs to work on a deployment. */
export interface Connection {
  /** As an action's: each call is a transaction. */
  ctx: RunQuery & RunMutation;
  /** The component's functions, by their names. */
  component: ComponentApi;
}

/** What ConvexHttpClient has, and its types leave out. */
interface AdminClient {
  setAdminAuth(adminKey: string): void;
  function(reference: object, componentPath: string, args?: object): Promise<unknown>;
}

/** No answer has come, or none that is final: the same call may succeed a little later. */
class Unreachable extends Failure {}

/**
 * @param componentPath The name that the component is mounted at, "convexKv" mostly; of one within
 *   another, the path: "outer/convexKv".
 */
export function connect(deployment: Deployment, componentPath: string): Connection {
  const client = new ConvexHttpClient(deployment.url, {
    skipConvexDeploymentUrlCheck: true,
    logger: false,
    fetch: fetchFrom(deployment),
  }) as unknown as AdminClient;
  client.setAdminAuth(deployment.adminKey);
  let isReached = false;
  const call = async (reference: object, args: object = {}) => {
    try {
      const answer = await client.function(reference, componentPath, args);
      isReached = true;
      return answer;
    } catch (error) {
      throw isMissing(error) ? new Failure(missingComponent(error, componentPath)) : error;
    }
  };
  const runQuery = (reference: object, args?: object) =>
    // What was never reached hardly comes up within seconds.
    isReached ? patiently(() => call(reference, args)) : call(reference, args);
  return {
    ctx: { runQuery, runMutation: call } as RunQuery & RunMutation,
    component: anyApi as unknown as ComponentApi,
  };
}

/** Whether the deployment does not know the function, or its component. */
function isMissing(error: unknown): error is Error {
  return (
    error instanceof Error &&
    !(error instanceof Failure) &&
    !isKvError(error) &&
    /could not find|no component|component .*not (found|exist)/i.test(error.message)
  );
}

function missingComponent({ message }: Error, name: string): string {
  const said = message.split("\n").at(-1)!;
  return `${said}\nThe app may have no component "${name}": --component says what its convex.config.ts calls it. Or that is older than this program.`;
}

const PAUSES = [250, 1_000, 3_000];

/**
 * What `attempt` answers, which may be made again: a read, or a write that is the same if it is
 * made twice. It is, after pauses of up to 3 seconds, if the deployment cannot be reached.
 */
export async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (const pause of PAUSES) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
  }
  return await attempt();
}

/** A function of the deployment failed: the client reads why from the answer. */
const FUNCTION_FAILED = 560;

/** `fetch`, but what is no answer of a function is a Failure that says so. */
function fetchFrom({ url }: Deployment): typeof fetch {
  return async (input, init) => {
    let response: Response;
    try {
      response = await fetch(input, init);
    } catch (error) {
      const { cause } = error as { cause?: { code?: string; message?: string } };
      const why = cause?.code ?? cause?.message ?? String(error);
      throw new Unreachable(`${url} could not be reached: ${why}.`);
    }
    const { ok, status } = response;
    if (ok || status === FUNCTION_FAILED) return response;
    const reason = reasonIn(await response.text());
    if (status === 401 || status === 403) {
      throw new Failure(`${url} refused the key: ${reason}`);
    }
    if (status === 404) throw new Failure(`${url} is no deployment of Convex: ${reason}`);
    const said = `${url} answered with status ${status}: ${reason}`;
    throw status >= 500 || status === 429 ? new Unreachable(said) : new Failure(said);
  };
}
