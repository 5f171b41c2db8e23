import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import { components } from "./_generated/api";

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
} = explorerApi(components.convexKv);
