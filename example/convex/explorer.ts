import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import { components } from "./_generated/api.js";
import { invites, metrics, reports, sessions, settings } from "./kv.js";

// What the KV Explorer calls: `npx @hamzasaleemorg/convex-kv-explorer` shows its page. What that
// writes goes through the app's stores, so that their validators hold for it too.

export const {
  children,
  count,
  create,
  entries,
  entry,
  expire,
  importEntries,
  info,
  job,
  jobs,
  now,
  page,
  remove,
  removeAll,
  rename,
  save,
  transfer,
  vacuum,
} = explorerApi(components.convexKv, { stores: [invites, metrics, reports, sessions, settings] });
