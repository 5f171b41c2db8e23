// What a file's tests look at: a deployment of their own with the example app and its data, and the
// explorer.
import { ConvexHttpClient } from "convex/browser";
import { beforeAll, inject } from "vitest";
import { api } from "../../../example/convex/_generated/api.js";
import { setEnvironment } from "../../../dev/backend/client.mjs";
import { ownBackend } from "../../../dev/backend/testing/ownBackend.js";
import { type PageServer, servePage } from "../../../explorer/serve/server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder with what is pushed of the example app. */
    bundledApp: string;
    /** The packed explorer's page. */
    page: string;
  }
}

/** What the explorer asks for. */
export const KEY = "a key for the tests only";

const LIMITS = { documentsWritten: 3_200 };

interface Shown {
  /** The deployment's address, and the explorer's. */
  backend: string;
  explorer: string;
}

let shown: Shown | undefined;
/** By the deployment that they are for. They end with the worker. */
const explorers = new Map<string, Promise<PageServer>>();

/** What the tests of the file that is running look at. */
export function deployment(): Shown {
  if (!shown) throw new Error("The file has to call useExplorer");
  return shown;
}

/**
 * Gives the file's tests a deployment.
 *
 * @param setUp Writes what they need beside the example's data.
 */
export function useExplorer(
  setUp: (client: ConvexHttpClient) => Promise<void> = async () => undefined,
): void {
  beforeAll(async () => {
    const { url, adminKey } = await ownBackend(inject("bundledApp"), { limits: LIMITS });
    await setEnvironment({ url, adminKey }, { KV_EXPLORER_KEY: KEY });
    const client = new ConvexHttpClient(url, { logger: false });
    await client.mutation(api.sample.load, {});
    await setUp(client);
    const configuration = { url, module: "explorer" };
    let explorer = explorers.get(url);
    if (!explorer) explorers.set(url, (explorer = servePage(inject("page"), configuration, 0)));
    shown = { backend: url, explorer: (await explorer).url };
  });
}
