// The deployment that the program works on: each file of tests has one for itself, empty at first.
import { beforeAll, inject } from "vitest";
import { ownBackend } from "../../../dev/backend/testing/ownBackend.js";

declare module "vitest" {
  interface ProvidedContext {
    /** A folder with what is pushed of the app: the component twice, and no functions. */
    bundledApp: string;
  }
}

/** Lower than the platform's, so that little data is more than one transaction takes. */
const LIMITS = { documentsWritten: 3_000 };

type Backend = Awaited<ReturnType<typeof ownBackend>>;

let backend: Backend | undefined;

/**
 * Has the file's tests use a backend of their own.
 *
 * @param options As `ownBackend` takes them.
 */
export function useBackend(options: Parameters<typeof ownBackend>[1] = {}): () => Backend {
  beforeAll(async () => {
    backend = await ownBackend(inject("bundledApp"), { limits: LIMITS, ...options });
  });
  return () => backend!;
}

/** The variables that name the backend, as a self-hosted deployment. */
export const backendVariables = () => ({
  CONVEX_SELF_HOSTED_URL: backend!.url,
  CONVEX_SELF_HOSTED_ADMIN_KEY: backend!.adminKey,
});
