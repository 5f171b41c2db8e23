import { kv } from "./kv.js";

// The same for those alone who are signed in, and without functions that delete.

export const { get, list, set } = kv.use<string>(["mine"]).clientApi({
  checkRead: () => undefined,
  checkWrite: () => undefined,
  scope: async (ctx) => {
    const user = await ctx.auth.getUserIdentity();
    return user && [user.subject];
  },
  methods: ["get", "list", "set"],
});
