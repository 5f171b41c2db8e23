import { Bundle } from "../isolate/bundle.js";
import { PushError } from "./errors.js";
import { inspect } from "./inspect.js";
import type { PushedDefinition } from "./request.js";

/** What `defineApp` and `defineComponent` export, as far as it is used here. */
export interface DefinitionExport {
  definitionType: { type: "app" } | { type: "childComponent"; name: string };
  childComponents: { name: string; path: string; env?: [string, unknown][] | null }[];
  httpMounts: Record<string, string>;
  envVars?: [string, { optional?: boolean }][];
}

const NO_DEFINITION: DefinitionExport = {
  definitionType: { type: "app" },
  childComponents: [],
  httpMounts: {},
};

/** Evaluates every convex.config.js, each after those that it imports. */
export async function evaluateDefinitions(
  pushed: ReadonlyMap<string, PushedDefinition>,
): Promise<Map<string, DefinitionExport>> {
  const evaluated = new Map<string, DefinitionExport>();
  const begun = new Set<string>();

  const evaluate = async (path: string): Promise<DefinitionExport> => {
    const known = evaluated.get(path);
    if (known) return known;
    const definition = pushed.get(path);
    if (!definition) throw refusal(path, "it is imported, but was not pushed");
    if (begun.has(path)) throw refusal(path, "it imports itself by way of others");
    begun.add(path);
    const imports: { path: string; source: string }[] = [];
    for (const dependency of definition.dependencies) {
      const { definitionType } = await evaluate(dependency);
      if (definitionType.type === "app") throw refusal(path, "a component cannot use an app");
      imports.push(standIn(dependency, definitionType.name));
    }
    const exported = await evaluateOne(definition, imports);
    evaluated.set(path, exported);
    return exported;
  };

  for (const path of pushed.keys()) await evaluate(path);
  for (const [path, definition] of evaluated) check(path, definition, evaluated);
  return evaluated;
}

async function evaluateOne(
  { path, definition }: PushedDefinition,
  imports: readonly { path: string; source: string }[],
): Promise<DefinitionExport> {
  if (!definition) return NO_DEFINITION;
  const bundle = new Bundle([...imports, definition]);
  return await inspect(bundle, definition.path, LOOK, (problem) => refusal(path, problem));
}

const LOOK = `(exports) => {
  const definition = exports.default?.export?.();
  if (definition?.definitionType && Array.isArray(definition.childComponents)) return definition;
  throw new TypeError("its default export is neither defineApp() nor defineComponent()");
}`;

/** What a definition gets if it imports another one: the other's path and name. */
function standIn(definitionPath: string, defaultName: string) {
  const exported = { componentDefinitionPath: definitionPath, defaultName };
  return {
    path: `_componentDeps/${Buffer.from(definitionPath).toString("base64url")}`,
    source: `export default ${JSON.stringify(exported)};`,
  };
}

function check(
  path: string,
  { definitionType, childComponents, envVars = [] }: DefinitionExport,
  all: ReadonlyMap<string, DefinitionExport>,
): void {
  if ((path === "") !== (definitionType.type === "app")) {
    throw refusal(path, path === "" ? "it does not define an app" : "it defines an app");
  }
  const names = new Set<string>();
  for (const child of childComponents) {
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(child.name)) {
      throw refusal(path, `"${child.name}" cannot be a component's name`);
    }
    if (names.has(child.name)) {
      throw refusal(path, `two components are named "${child.name}": give one another name`);
    }
    names.add(child.name);
    if (!all.has(child.path)) throw refusal(path, `it uses ${child.path}, which was not pushed`);
    if (child.env?.length) throw refusal(path, NO_ENVIRONMENT);
  }
  if (envVars.some(([, { optional }]) => !optional)) throw refusal(path, NO_ENVIRONMENT);
}

const NO_ENVIRONMENT = "the development backend has no environment variables";

function refusal(path: string, problem: string): PushError {
  const what = path === "" ? "the app's convex.config.js" : `convex.config.js at ${path}`;
  return new PushError("InvalidDefinition", `Failed to evaluate ${what}: ${problem}`);
}
