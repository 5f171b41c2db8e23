import { PushError } from "./errors.js";

/** A file as the CLI bundled it. */
export interface PushedModule {
  path: string;
  source: string;
  sourceMap: string | undefined;
  environment: string;
}

export interface ModuleHash {
  path: string;
  environment: string;
  sha256: string;
}

export interface PushedDefinition {
  /** "" is the app's. */
  path: string;
  definition: PushedModule | null;
  dependencies: string[];
  schema: PushedModule | null;
  functions: PushedModule[];
  /** Modules of the app that were deployed before, and are not sent again. */
  unchanged: ModuleHash[];
  serverVersion: string;
}

export interface StartRequest {
  /** The folder of the app's functions. */
  functions: string;
  app: PushedDefinition;
  components: PushedDefinition[];
}

export type Json = Record<string, unknown>;

export function parseBody(body: Buffer): Json {
  try {
    return asObject(JSON.parse(body.toString()), "the body");
  } catch (error) {
    if (error instanceof PushError) throw error;
    throw bad("The body is not JSON");
  }
}

export function parseStart(body: Json): StartRequest {
  const app = asObject(body.appDefinition, "appDefinition");
  const components = asArray(body.componentDefinitions, "componentDefinitions");
  return {
    functions: asText(body.functions, "functions"),
    app: {
      ...parseDefinition(app),
      path: "",
      functions: asArray(app.changedModules, "changedModules").map(parseModule),
      unchanged: asArray(app.unchangedModuleHashes, "unchangedModuleHashes").map(parseHash),
    },
    components: components.map((value) => {
      const component = asObject(value, "a component's definition");
      return {
        ...parseDefinition(component),
        path: asText(component.definitionPath, "definitionPath"),
        functions: asArray(component.functions, "functions").map(parseModule),
        unchanged: [],
      };
    }),
  };
}

export function asObject(value: unknown, what: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw bad(`Expected ${what} to be an object`);
}

export function asText(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw bad(`Expected ${what} to be a string`);
}

function asArray(value: unknown, what: string): unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(`Expected ${what} to be an array`);
}

function parseDefinition(value: Json) {
  return {
    definition: orNull(value.definition, parseModule),
    dependencies: asArray(value.dependencies, "dependencies").map((path) =>
      asText(path, "a dependency"),
    ),
    schema: orNull(value.schema, parseModule),
    serverVersion: asText(value.udfServerVersion, "udfServerVersion"),
  };
}

function parseModule(value: unknown): PushedModule {
  const module = asObject(value, "a module");
  const path = asText(module.path, "a module's path");
  return {
    path,
    source: asText(module.source, `the source of ${path}`),
    sourceMap: orNull(module.sourceMap, (text) => asText(text, `the map of ${path}`)) ?? undefined,
    environment: asText(module.environment, `the environment of ${path}`),
  };
}

function parseHash(value: unknown): ModuleHash {
  const hash = asObject(value, "a module's hash");
  return {
    path: asText(hash.path, "a module's path"),
    environment: asText(hash.environment, "a module's environment"),
    sha256: asText(hash.sha256, "a module's sha256"),
  };
}

function orNull<T>(value: unknown, parse: (value: unknown) => T): T | null {
  return value === null || value === undefined ? null : parse(value);
}

function bad(message: string): PushError {
  return new PushError("BadRequest", message);
}
