import { childPath, locate, type Deployment, type FunctionInfo } from "../deployment.js";
import { indexDiffs } from "./diff.js";
import type { Evaluated, EvaluatedPush } from "./evaluate.js";
import { parseSchema } from "./schema.js";

/**
 * What the CLI makes the generated code from. It hands all of it back when it finishes the push.
 */
export function startPushResponse(
  { definitions, deployment }: EvaluatedPush,
  current: Deployment | null,
  pushId: string,
): object {
  return {
    pushId,
    environmentVariables: {},
    externalDepsId: null,
    componentDefinitionPackages: {},
    appAuth: [],
    analysis: Object.fromEntries(
      [...definitions].map(([path, definition]) => [path, analysisOf(definition)]),
    ),
    app: checkedComponent("", definitions.get("")!, definitions),
    schemaChange: schemaChange(deployment, current),
  };
}

export function schemaChange(deployment: Deployment, current: Deployment | null): object {
  return {
    allocatedComponentIds: {},
    schemaIds: {},
    indexDiffs: indexDiffs(current, deployment),
  };
}

function analysisOf(definition: Evaluated): object {
  const { path, exported, schema, analysis, serverVersion } = definition;
  return {
    definition: { ...exported, path, exports: exportsOf(definition) },
    schema: schema === null ? null : parseSchema(schema),
    functions: Object.fromEntries(
      analysis.modules.map((module) => [module, analyzedModule(definition, module)]),
    ),
    udfConfig: {
      serverVersion,
      importPhaseRngSeed: null,
      importPhaseUnixTimestamp: null,
    },
  };
}

function analyzedModule({ analysis }: Evaluated, module: string): object {
  const isCrons = module === "crons.js";
  return {
    functions: [...analysis.functions.values()]
      .filter(({ name }) => locate(name).module === module)
      .map(analyzedFunction),
    httpRoutes: null,
    cronSpecs: isCrons ? analysis.crons.map((cron) => [cron.name, cron]) : null,
    sourceMapped: null,
  };
}

function analyzedFunction({ name, type, visibility, args, returns }: FunctionInfo): object {
  return {
    name: locate(name).exported,
    pos: null,
    udfType: type.charAt(0).toUpperCase() + type.slice(1),
    visibility: { kind: visibility },
    args: sorted(args),
    returns: sorted(returns),
  };
}

/** JSON text with the fields of its objects in order, as the generated code has them. */
function sorted(json: string): string {
  return JSON.stringify(JSON.parse(json), (_key, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

type Tree<T> = Map<string, T | Tree<T>>;

/** A component's public functions by the parts of their names: kv, get. */
function publicFunctions({ analysis }: Evaluated): Tree<FunctionInfo> {
  const root: Tree<FunctionInfo> = new Map();
  for (const info of analysis.functions.values()) {
    if (info.visibility !== "public") continue;
    const parts = info.name.split(/[/:]/);
    const last = parts.pop()!;
    let branch = root;
    for (const part of parts) {
      let next = branch.get(part);
      if (!(next instanceof Map)) branch.set(part, (next = new Map()));
      branch = next;
    }
    branch.set(last, info);
  }
  return root;
}

function exportsOf(definition: Evaluated): object {
  const branch = (tree: Tree<FunctionInfo>): object => ({
    type: "branch",
    branch: [...tree].map(([name, node]) => [
      name,
      node instanceof Map
        ? branch(node)
        : { type: "leaf", leaf: `_reference/function/${node.name}` },
    ]),
  });
  // Nobody can call an app from outside by components' ways.
  return branch(definition.path === "" ? new Map() : publicFunctions(definition));
}

function checkedComponent(
  componentPath: string,
  definition: Evaluated,
  definitions: ReadonlyMap<string, Evaluated>,
): object {
  const { path, exported } = definition;
  const checked = (tree: Tree<FunctionInfo>): object =>
    Object.fromEntries(
      [...tree].map(([name, node]) => [
        name,
        node instanceof Map
          ? { type: "branch", children: checked(node) }
          : { type: "leaf", resource: functionAt(componentPath, node.name) },
      ]),
    );
  return {
    definitionPath: path,
    componentPath,
    args: {},
    childComponents: Object.fromEntries(
      exported.childComponents.map(({ name, path: childDefinition }) => [
        name,
        checkedComponent(
          childPath(componentPath, name),
          definitions.get(childDefinition)!,
          definitions,
        ),
      ]),
    ),
    httpRoutes: { httpModuleRoutes: null, mounts: [] },
    exports: path === "" ? {} : checked(publicFunctions(definition)),
  };
}

function functionAt(component: string, udfPath: string): object {
  return { type: "function", path: { component, udfPath } };
}
