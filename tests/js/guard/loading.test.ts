import type { BuildOptions } from "esbuild";
import { readdirSync } from "node:fs";
import { expect, test } from "vitest";
import { bundleScript } from "../support/bundle.js";
import { startIsolate } from "../support/isolate.js";

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

test.for(files)("%s makes no validator and names no function", async (file) => {
  const { text } = await bundleScript(`dist/convex/${file}`, withoutConvex);
  const { evaluate, exported } = startIsolate(COUNT_NAMED + text);
  expect(evaluate("[validators, named]")).toEqual([0, 0]);
  // What functions take and return is there for those who ask.
  for (const definition of Object.values(exported) as unknown as Definition[]) {
    expect(definition.args).toBeTypeOf("object");
    expect(definition.returns).toBeTypeOf("object");
  }
  expect(evaluate("validators")).toBeGreaterThan(0);
});

interface Definition {
  args: unknown;
  returns: unknown;
}
