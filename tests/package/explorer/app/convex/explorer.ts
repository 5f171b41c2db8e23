import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import { components } from "./_generated/api";

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
} = explorerApi(components.convexKv);
