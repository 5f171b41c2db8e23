/**
 * Marks a function that every start of the core needs: `((...) => {...}) satisfies Eager`.
 *
 * V8 compiles a function in parentheses along with its module, and what is compiled then is in the
 * code cache that Convex keeps of a module. Any other function is compiled when it is first called,
 * in each context anew. That comes to a third of the start. (Without a type behind them, the
 * parentheses would be taken for redundant and formatted away.)
 */
export type Eager = (...args: never[]) => unknown;
