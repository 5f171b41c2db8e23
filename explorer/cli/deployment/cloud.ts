import { version } from "convex";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Failure, UsageFailure } from "../failures.js";
import type { Deployment } from "./deployment.js";

// What Convex's cloud tells: where a deploy key's deployment is, and a key for a
// deployment to those who have logged in with `npx convex login`. The calls are those of Convex's
// CLI (convex/src/cli/lib/api.ts).

/** The deployment of a deploy key. Its URL is not in the key: it may be of a custom domain. */
export async function deploymentOfKey(deployKey: string): Promise<Deployment> {
  const url = await ask<string>("deployment/url_for_key", { deployKey }, deployKey);
  return { url, adminKey: deployKey, name: deployKey.split("|")[0]! };
}

/**
 * A deployment to which whoever has logged in has access.
 *
 * @param named The deployment that the project's settings name.
 * @param wanted Another of the same project: by its name, or its production deployment.
 */
export async function deploymentOfLogin(
  named: { name: string; type: string | undefined },
  wanted: { name: string } | "prod",
): Promise<Deployment> {
  const token = accessToken();
  const { name, type } = named;
  const projectSelection = { kind: "deploymentName", deploymentName: name, deploymentType: type };
  const answer = await (wanted === "prod"
    ? ask<Credentials>("deployment/authorize_prod", { deploymentName: name }, token)
    : ask<Credentials>(
        "deployment/authorize_within_current_project",
        { selectedDeploymentName: wanted.name, projectSelection },
        token,
      ));
  const label = `${answer.deploymentType}:${answer.deploymentName}`;
  return { url: answer.url, adminKey: answer.adminKey, name: label };
}

interface Credentials {
  adminKey: string;
  url: string;
  deploymentName: string;
  deploymentType: string;
}

function accessToken(): string {
  const file = join(homedir(), ".convex/config.json");
  const { accessToken = undefined } = existsSync(file)
    ? (JSON.parse(readFileSync(file, "utf8")) as { accessToken?: string })
    : {};
  if (accessToken) return accessToken;
  throw new UsageFailure(
    "Nobody has logged in to Convex here. Run npx convex login, or set CONVEX_DEPLOY_KEY to a deploy key.",
  );
}

async function ask<T>(path: string, data: object, bearer: string): Promise<T> {
  const host = process.env.CONVEX_PROVISION_HOST ?? "https://api.convex.dev";
  let response: Response;
  try {
    response = await fetch(`${host}/api/${path}`, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${bearer}`,
        "Content-Type": "application/json",
        "Convex-Client": `npm-${version}`,
      },
      body: JSON.stringify(data),
    });
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    throw new Failure(`${host} could not be reached: ${cause?.code ?? String(error)}.`);
  }
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as T;
  throw new Failure(`${host} refused it (${response.status}): ${reasonIn(text)}`);
}

/** What an answer says is wrong, which is JSON with a message or plain text. */
export function reasonIn(text: string): string {
  try {
    return (JSON.parse(text) as { message: string }).message;
  } catch {
    return text.trim().slice(0, 500);
  }
}
