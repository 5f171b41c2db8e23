import { spied } from "./spies.js";
// The file of functions that is tested.
import * as functions from "./functions.js";

export { functions, spied };

/** The one call that an isolate makes: of functions, one after another in the same context. */
export const calls = {
  /**
   * @param names As JSON.
   * @param texts The arguments of each call, as JSON.
   * @returns What became of each call, and what the spies know then. The crossings are its own.
   */
  async make(names, ...texts) {
    const outcomes = [];
    for (const [i, name] of JSON.parse(names).entries()) {
      spied.crossings = [];
      const outcome = await outcomeOf(functions[name], texts[i]);
      outcomes.push({ ...outcome, ...spied });
    }
    return JSON.stringify(outcomes);
  },
};

async function outcomeOf(registered, args) {
  const method = registered.isQuery ? "invokeQuery" : "invokeMutation";
  try {
    return { returned: JSON.parse(await registered[method](args)) };
  } catch ({ message, data }) {
    // The convex library has made JSON text of a ConvexError's data.
    return { thrown: { message, ...(data !== undefined && { data: JSON.parse(data) }) } };
  }
}
