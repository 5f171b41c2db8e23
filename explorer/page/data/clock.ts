import type { ConvexReactClient } from "convex/react";
import { api } from "./api.js";

// Entries expire by the deployment's clock, and this browser's may be wrong.

let ahead = 0;

/** The deployment's time, as far as it is known, in ms since 1970. */
export function deploymentNow(): number {
  return Date.now() + ahead;
}

/** Asks the deployment for its time. The answer is taken to have been made half-way. */
export async function setClock(client: ConvexReactClient): Promise<void> {
  const asked = Date.now();
  const theirs = await client.query(api.explorer.now, { asked });
  ahead = theirs - (asked + Date.now()) / 2;
}
