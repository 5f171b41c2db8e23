import { UsageFailure } from "../failures.js";
import { deploymentOfKey, deploymentOfLogin } from "./cloud.js";
import type { Deployment } from "./deployment.js";
import { type Environment, readEnvironment } from "./environment.js";
import { localDeployment } from "./local.js";

/** The options that say which deployment is meant. They are those of Convex's CLI. */
export interface DeploymentOptions {
  url?: string;
  adminKey?: string;
  prod?: boolean;
  deploymentName?: string;
}

/** The deployment that the options mean, or else the settings of this folder. */
export async function findDeployment(options: DeploymentOptions): Promise<Deployment> {
  const deployment = await find(options, readEnvironment());
  return { ...deployment, url: checkedUrl(deployment.url) };
}

async function find(options: DeploymentOptions, get: Environment): Promise<Deployment> {
  const { prod = false, deploymentName } = options;
  const deployKey = get("CONVEX_DEPLOY_KEY") ?? get("CONVEX_DEPLOYMENT_TOKEN");
  const selfHosted = {
    url: get("CONVEX_SELF_HOSTED_URL"),
    key: get("CONVEX_SELF_HOSTED_ADMIN_KEY"),
  };
  if (options.url !== undefined) {
    const adminKey = options.adminKey ?? selfHosted.key ?? deployKey;
    if (adminKey !== undefined) return { url: options.url, adminKey, name: options.url };
    throw new UsageFailure(
      "--url needs a key: --admin-key, or in the environment CONVEX_SELF_HOSTED_ADMIN_KEY or CONVEX_DEPLOY_KEY.",
    );
  }
  const key = options.adminKey ?? deployKey;
  if (key !== undefined) return await ofKey(key, selfHosted.url ?? get("CONVEX_URL"));
  if (selfHosted.url !== undefined && selfHosted.key !== undefined) {
    return { url: selfHosted.url, adminKey: selfHosted.key, name: selfHosted.url };
  }
  // As in "dev:happy-animal-123".
  const [name, type] = get("CONVEX_DEPLOYMENT")?.split(":").reverse() ?? [];
  if (name === undefined) throw new UsageFailure(NO_DEPLOYMENT);
  if (prod) return await deploymentOfLogin({ name, type }, "prod");
  if (deploymentName === undefined && isLocal(name, type)) return localDeployment(name);
  return await deploymentOfLogin({ name, type }, { name: deploymentName ?? name });
}

const isLocal = (name: string, type: string | undefined) =>
  type === "local" || name.startsWith("anonymous-");

async function ofKey(key: string, url: string | undefined): Promise<Deployment> {
  // As in "prod:happy-animal-123|…"; self-hosted keys may have a name too, but no type.
  if (/^(dev|prod|preview|custom):[^:|]+\|/.test(key)) return await deploymentOfKey(key);
  if (/^(project|preview):.*\|/.test(key)) {
    throw new UsageFailure(
      "The deploy key is for a whole project. A deployment's own is needed, from its settings in the dashboard.",
    );
  }
  if (url !== undefined) return { url, adminKey: key, name: url };
  throw new UsageFailure(
    "The key does not say which deployment it is for. Add --url, CONVEX_SELF_HOSTED_URL or CONVEX_URL.",
  );
}

/** The URL without slashes at its end, if it is one that may be a deployment's. */
export function checkedUrl(url: string): string {
  if (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)) return url.replace(/\/+$/, "");
  throw new UsageFailure(
    `${JSON.stringify(url)} is no URL of a deployment: it begins with https:// or http://.`,
  );
}

const NO_DEPLOYMENT = `Which deployment? There is none in .env.local, .env or the environment. Any of these names one:
  CONVEX_DEPLOY_KEY=…               a deploy key, from the deployment's settings in the dashboard
  CONVEX_SELF_HOSTED_URL=… and CONVEX_SELF_HOSTED_ADMIN_KEY=…
  CONVEX_DEPLOYMENT=…               as npx convex dev writes it, if you have logged in
  --url URL --admin-key KEY`;
