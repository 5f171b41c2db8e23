/**
 * Marks a function that every start of the core needs: `((...) => {...}) satisfies Eager`.
 *
 * V8 compiles a function in parentheses along with its module, and what is compiled then is in the
 * code cache that Convex keeps for the module. Any other function is compiled when it is first
 * called, in each context anew, which would be a third of the start. (Prettier would remove the
 * parentheses as redundant if no type followed them.)
 */
export type Eager = (...args: never[]) => unknown;
