import { explorerApi } from "@hamzasaleemorg/convex-kv/explorer";
import { components } from "../_generated/api";

// Two components, to look at only.
export const { children, count, create, entry, info, job, now, page } = explorerApi(
  components.convexKv,
  { readOnly: true, components: { sessionsKv: components.sessionsKv } },
);
