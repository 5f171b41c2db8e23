import { messageOf } from "../page/data/errors.js";
import { withoutSecret } from "./session.js";

/** What went wrong, for whoever called the program. The key is not in it. */
export function explained(error: unknown): string {
  return withoutSecret(messageOf(error));
}
