import { beforeEach, inject } from "vitest";
import {
  type Deployment,
  TestBackend,
  useDeployment,
} from "../../../dev/backend/testing/backend.js";
import { ownBackend } from "../../../dev/backend/testing/ownBackend.js";

export type { TestBackend };

declare module "vitest" {
  interface ProvidedContext {
    /** The app's folder, with the packed package installed. */
    app: string;
    /** A deployment that has the app, on its machine's clock. */
    shared: { url: string; adminKey: string };
    /**
     * Whether that is somebody's deployment (npm run test:deployment), and not a backend of ours.
     */
    isForeign: boolean;
    /** Marks the keys that this run writes. */
    run: string;
    /** Whether the app's convex has ctx.meta, and so knows what a transaction has left. */
    hasMeta: boolean;
  }
}

/** What every development backend offers, and no other deployment. */
const features = {
  clock: "a clock that tests can set",
  calls: "records of its calls",
  limits: "limits that tests can lower",
  empty: "a store that nobody else writes, empty at first",
};

export type Feature = keyof typeof features;

export interface BackendOptions {
  /** What the tests cannot do without. They are left out if the deployment lacks any of it. */
  needs?: Feature[];
  /** What the tests use if the deployment has it. */
  prefers?: Feature[];
  /** With the feature of that name: those that are lower than the platform's. */
  limits?: Record<string, number>;
}

/**
 * The deployment for the tests of this file, or of this `describe`: open while they run. Without
 * options it may be any that has the app, and other files use it at the same time.
 *
 * @param setUp Runs before the tests, once the deployment is there.
 */
export function useBackend(
  { needs: needed = [], prefers = [], limits }: BackendOptions = {},
  setUp?: () => Promise<void>,
): TestBackend {
  needs(...needed);
  if (lacking(needed).length > 0) return new TestBackend();
  return useDeployment(() => deploymentWith([...needed, ...prefers], limits), setUp);
}

async function deploymentWith(
  wanted: Feature[],
  limits: BackendOptions["limits"],
): Promise<Deployment> {
  if (wanted.length === 0 || inject("isForeign")) return inject("shared");
  return await ownBackend(inject("app"), { hasOwnClock: wanted.includes("clock"), limits });
}

/**
 * Leaves the tests of this file, or of this `describe`, out if the deployment lacks any of these.
 */
export function needs(...needed: Feature[]): void {
  const reasons = lacking(needed).map((feature) => features[feature]);
  if (reasons.length === 0) return;
  beforeEach(({ skip }) => skip(`needs ${reasons.join(", and ")}`));
}

function lacking(needed: Feature[]): Feature[] {
  return inject("isForeign") ? needed : [];
}
