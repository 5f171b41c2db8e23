import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { UsageFailure } from "../failures.js";
import type { Deployment } from "./deployment.js";

// Deployments that `npx convex dev` runs on this machine: their port and key are in a file, in the
// project's folder today, in the home folder before.

interface LocalConfig {
  ports: { cloud: number };
  adminKey: string;
  deploymentName?: string;
}

/** The deployment of this name on this machine: "anonymous-…" or "local-…". */
export function localDeployment(name: string, folder = process.cwd()): Deployment {
  const states = name.startsWith("anonymous-")
    ? "anonymous-convex-backend-state"
    : "convex-backend-state";
  const files = [
    join(folder, ".convex/local/default/config.json"),
    join(homedir(), ".convex", states, name, "config.json"),
  ];
  for (const file of files) {
    if (!existsSync(file)) continue;
    const config = JSON.parse(readFileSync(file, "utf8")) as LocalConfig;
    // The project's folder may have had another before.
    if (config.deploymentName !== undefined && config.deploymentName !== name) continue;
    const url = `http://127.0.0.1:${config.ports.cloud}`;
    return { url, adminKey: config.adminKey, name };
  }
  throw new UsageFailure(
    `CONVEX_DEPLOYMENT names ${name}, which is not on this machine. Run npx convex dev here first.`,
  );
}
