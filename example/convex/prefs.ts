import { prefs } from "./kv.js";

// What the page itself remembers, its theme say. A client calls these functions as they are.

export const { get, getAll, list, children, count, set, increment, remove, removeAll } =
  prefs.clientApi({
    // An app with users asks here whether the caller may,
    checkRead: () => undefined,
    checkWrite: () => undefined,
    // and gives the caller's own prefix: [identity.subject]. The demo has a single user.
    scope: () => ["demo"],
    methods: [
      ...(["get", "getAll", "list", "children", "count"] as const),
      ...(["set", "increment", "remove", "removeAll"] as const),
    ],
  });
