import { childPath, type Component, type Deployment } from "../deployment.js";
import { Bundle } from "../isolate/bundle.js";
import { analyze, type Analysis } from "./analyze.js";
import { evaluateDefinitions, type DefinitionExport } from "./definitions.js";
import { checkSupported, remember, wholeApp } from "./modules.js";
import type { PushedDefinition, StartRequest } from "./request.js";
import { evaluateSchema } from "./schema.js";

/** A definition, and what was found by running it. */
export interface Evaluated {
  path: string;
  exported: DefinitionExport;
  bundle: Bundle;
  schema: string | null;
  analysis: Analysis;
  serverVersion: string;
}

export interface EvaluatedPush {
  definitions: ReadonlyMap<string, Evaluated>;
  deployment: Deployment;
}

/** Runs all that was pushed, far enough to know what it would deploy. */
export async function evaluatePush(
  request: StartRequest,
  current: Deployment | null,
): Promise<EvaluatedPush> {
  const app = wholeApp(request, current);
  const pushed = new Map<string, PushedDefinition>();
  for (const definition of request.components) pushed.set(definition.path, definition);
  pushed.set("", { ...request.app, functions: app.modules });

  const exports = await evaluateDefinitions(pushed);
  const definitions = new Map<string, Evaluated>();
  for (const [path, exported] of exports) {
    const { functions, schema, serverVersion } = pushed.get(path)!;
    checkSupported(functions, path);
    const bundle = new Bundle(functions);
    definitions.set(path, {
      path,
      exported,
      bundle,
      schema: await evaluateSchema(schema, path),
      analysis: await analyze(bundle, path),
      serverVersion,
    });
  }

  const components = new Map<string, Component>();
  mount("", definitions.get("")!, definitions, components);
  const deployment = { components };
  remember(deployment, app);
  return { definitions, deployment };
}

/** Adds a component, and below it those that it uses. */
function mount(
  path: string,
  { path: definitionPath, bundle, schema, analysis, exported }: Evaluated,
  definitions: ReadonlyMap<string, Evaluated>,
  components: Map<string, Component>,
): void {
  const { functions, crons } = analysis;
  components.set(path, { path, definitionPath, bundle, schema, functions, crons });
  for (const child of exported.childComponents) {
    mount(childPath(path, child.name), definitions.get(child.path)!, definitions, components);
  }
}
