import type { BuildOptions } from "esbuild";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { Bundle } from "../../../dev/backend/isolate/bundle.js";
import { inspectModule } from "../../../dev/backend/isolate/inspect.js";
import { bundle } from "../support/bundle.js";

// What a file of functions does when it is loaded, which is in every call: next to nothing.

const files = readdirSync("dist/convex").filter((file) =>
  /^(?!schema\.|convex\.config\.).*\.js$/.test(file),
);

// Instead of what is in `convex`. None of these functions has a name.
const VALUES = `
  globalThis.validators = 0;
  export const v = new Proxy({}, { get() { return () => (globalThis.validators++, {}) } });
  export const [ConvexError, compareValues, convexToJson, jsonToConvex] = [];
  export const [getConvexSize, getDocumentSize] = [];
`;
const SERVER = `
  const functions = Array(8).fill((definition) => definition);
  export const [queryGeneric, mutationGeneric, actionGeneric] = functions;
  export const [internalQueryGeneric, internalMutationGeneric] = functions;
  export const [internalActionGeneric, httpActionGeneric, componentsGeneric] = functions;
  export const anyApi = {};
`;

// With this the CLI gives functions their names back.
const COUNT_NAMED = `
  globalThis.named = 0;
  const { defineProperty } = Object;
  Object.defineProperty = (object, key, descriptor) => {
    if (key === "name") named++;
    return defineProperty(object, key, descriptor);
  };
`;

const withoutConvex: BuildOptions = {
  plugins: [
    {
      name: "without-convex",
      setup({ onResolve, onLoad }) {
        onResolve({ filter: /^convex\// }, ({ path }) => ({ path, namespace: "stub" }));
        onLoad({ filter: /values$/, namespace: "stub" }, () => ({ contents: VALUES }));
        onLoad({ filter: /server$/, namespace: "stub" }, () => ({ contents: SERVER }));
      },
    },
  ],
};

const LOOK = `(functions) => {
  const atLoad = { validators, named };
  const types = Object.values(functions).map(({ args, returns }) => [typeof args, typeof returns]);
  return { atLoad, types, asked: validators };
}`;

test.for(files)("%s makes no validator and names no function", async (path) => {
  const { text } = await bundle(`dist/convex/${path}`, withoutConvex);
  const modules = new Bundle([{ path, source: COUNT_NAMED + text }]);
  const { atLoad, types, asked } = await inspectModule<Looks>(modules, path, LOOK);
  expect(atLoad).toEqual({ validators: 0, named: 0 });
  // What functions take and return is there for those who ask.
  expect(types).toEqual(types.map(() => ["object", "object"]));
  expect(asked).toBeGreaterThan(0);
});

interface Looks {
  atLoad: { validators: number; named: number };
  /** Those of what each function takes and returns. */
  types: [string, string][];
  /** How many validators there are when all are asked. */
  asked: number;
}
