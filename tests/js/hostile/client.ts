import type { Section } from "./cases.js";
import { CACHES } from "./client/caches.js";
import { FUNCTIONS } from "./client/functions.js";
import { KEYS } from "./client/keys.js";
import { LOCKS } from "./client/locks.js";
import { PAGES } from "./client/pages.js";
import { VALUES } from "./client/values.js";
import { TIMES } from "./client/times.js";
import { OPERATIONS } from "./client/operations.js";
import { COUNTERS } from "./client/counters.js";

/** Input to each method of the client, and its result. docs/hostile-input.md shows this table. */
export const CLIENT: Section[] = [
  ...KEYS,
  ...PAGES,
  ...VALUES,
  ...TIMES,
  ...OPERATIONS,
  ...COUNTERS,
  ...LOCKS,
  ...CACHES,
  ...FUNCTIONS,
];
