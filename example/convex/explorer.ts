import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import { components } from "./_generated/api.js";
import { invites, metrics, reports, sessions, settings } from "./kv.js";

// What the KV Explorer calls: `npx @hamzasaleemorg/convex-kv-explorer` shows its page. What that
// writes goes through the app's stores, so that their validators hold for it too.

export const {
  children,
  count,
  create,
  entry,
  expire,
  info,
  job,
  now,
  page,
  remove,
  removeAll,
  save,
  vacuum,
} = explorerApi(components.convexKv, { stores: [invites, metrics, reports, sessions, settings] });
