import { kvClientFactory, type KeyValueStore } from "@hamzasaleemorg/convex-kv";
import type { Value } from "convex/values";
import { connect, type Connection } from "./deployment/connection.js";
import type { Deployment } from "./deployment/deployment.js";
import { type DeploymentOptions, findDeployment } from "./deployment/find.js";

/** The options that all commands take. */
export interface GlobalOptions extends DeploymentOptions {
  /** The name at which the component is mounted. */
  component: string;
  /** Whether the answer is for programs: Convex's JSON. */
  json?: boolean;
}

/** A command's deployment, and the store of all its entries. */
export interface Session extends Connection {
  deployment: Deployment;
  store: KeyValueStore<Value>;
  /** What the entries are in, for questions: "convexKv of dev:happy-animal-123". */
  place: string;
}

export async function openSession(options: GlobalOptions): Promise<Session> {
  const deployment = await findDeployment(options);
  secret = deployment.adminKey;
  const connection = connect(deployment, options.component);
  const store = kvClientFactory(connection.component).use<Value>();
  return { ...connection, deployment, store, place: `${options.component} of ${deployment.name}` };
}

let secret: string | undefined;

/** The text without the key of the deployment, in case an answer repeats it. */
export function withoutSecret(text: string): string {
  return secret === undefined ? text : text.replaceAll(secret, "<the key>");
}
