import type { GenericDataModel, GenericMutationCtx, GenericQueryCtx } from "convex/server";
import { refusal } from "./refusals.js";

/** What an app's own check is given: the context of the query or mutation that is called. */
export type CheckedCtx = GenericQueryCtx<GenericDataModel> | GenericMutationCtx<GenericDataModel>;

/** The environment variable that holds the key. */
const NAME = "KV_EXPLORER_KEY";

/** In UTF-16 code units. Nothing slows down whoever guesses. */
const SHORTEST = 16;

// Convex has no types for it. An app's variables are there while a function runs, and may change
// without a new push: they are read in each call.
declare const process: { env: Record<string, string | undefined> };

/** Refuses a caller whose key is not the deployment's. */
export function checkKey(secret: string | undefined): void {
  const key = process.env[NAME];
  if (!key) {
    throw refusal(
      "no_key",
      `The KV Explorer is closed, since this deployment has no key for it. Choose one of at least ${SHORTEST} characters: npx convex env set ${NAME} "$(openssl rand -hex 16)" (with --prod for production).`,
    );
  }
  if (key.length < SHORTEST) {
    throw refusal(
      "weak_key",
      `The KV Explorer is closed, since this deployment's key for it is too short to be safe. Choose one of at least ${SHORTEST} characters: npx convex env set ${NAME} "$(openssl rand -hex 16)" (with --prod for production).`,
    );
  }
  if (secret === undefined || !isSame(secret, key)) {
    throw refusal("wrong_key", `This is not the deployment's ${NAME}.`);
  }
}

/** Refuses a caller to whom the app's own check does not say yes. */
export async function checkWith(
  check: (ctx: CheckedCtx) => unknown,
  ctx: CheckedCtx,
): Promise<void> {
  const answer = await check(ctx);
  if (answer === true || answer === undefined) return;
  throw refusal("not_admitted", "The app does not admit you to the KV Explorer.");
}

/**
 * Looks at each character of `given`, wherever they differ, and does the same with each. How long
 * it takes depends on the length of `given`, which the caller knows, and at most on that of `key`,
 * since a division may; but not on what is in them.
 */
function isSame(given: string, key: string): boolean {
  let difference = given.length ^ key.length;
  for (let i = 0; i < given.length; i++) {
    difference |= given.charCodeAt(i) ^ key.charCodeAt(i % key.length);
  }
  return difference === 0;
}
