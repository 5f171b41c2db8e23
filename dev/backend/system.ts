import { convexToJson, jsonToConvex, type JSONValue, type Value } from "convex/values";
import type { Engine, FunctionPath } from "./engine/engine.js";
import type { Environment } from "./environment.js";
import { RequestError } from "./engine/errors.js";

// The system functions that `npx convex data`, `run` and `function-spec` call, for admins.

interface Page {
  paginationOpts: { numItems: number; cursor: string | null };
}

/** What they look at. */
export interface Host {
  /** Undefined while nothing is deployed. */
  engine: Engine | undefined;
  environment: Environment;
  /** Where the backend is served. */
  url: string;
}

type SystemFunction = (host: Host, component: string, args: never) => Promise<Value>;

const systemFunctions: Record<string, SystemFunction> = {
  async "_system/cli/tables"({ engine }, component, _args: Page) {
    const schema = engine?.components.get(component)?.schema ?? '{"tables":[]}';
    const { tables } = JSON.parse(schema) as { tables: { tableName: string }[] };
    const page = tables.map(({ tableName }) => ({ name: tableName }));
    return await Promise.resolve({ page, isDone: true, continueCursor: "" });
  },

  async "_system/cli/tableData"(
    { engine },
    component,
    { table, order, paginationOpts }: Page & { table: string; order?: "asc" | "desc" },
  ) {
    if (!engine) throw new RequestError(`Nothing is deployed, so there is no table "${table}".`);
    const result = await engine.inspect(component, (ctx) =>
      ctx.db
        .query(table)
        .order(order ?? "desc")
        .paginate(paginationOpts),
    );
    return result as unknown as Value;
  },

  "_system/cli/queryEnvironmentVariables": ({ environment }) => Promise.resolve(environment.list()),
  "_system/cli/queryEnvironmentVariables:get": (
    { environment },
    _component,
    { name }: { name: string },
  ) => Promise.resolve(environment.get(name) as Value),
  // What the CLI's watch waits for after a push that failed: there is nothing to wait for.
  "_system/cli/queryTable": () => Promise.resolve([]),

  async "_system/cli/modules:apiSpec"({ engine }, component) {
    const functions = [...(engine?.components.get(component)?.functions.values() ?? [])];
    const title = (type: string) => type.charAt(0).toUpperCase() + type.slice(1);
    return await Promise.resolve(
      functions.map(({ name, type, visibility, args, returns }) => ({
        functionType: title(type),
        identifier: name.replace(":", ".js:"),
        visibility: { kind: visibility },
        args: validatorOf(args),
        returns: validatorOf(returns),
      })),
    );
  },

  "_system/cli/convexUrl:cloudUrl": ({ url }) => Promise.resolve(url),
};

/** @param json Text; "null" if there is no validator. */
function validatorOf(json: string): Value {
  return jsonToConvex((JSON.parse(json) as JSONValue) ?? { type: "any" });
}

export function isSystemFunction({ name }: FunctionPath): boolean {
  return name.startsWith("_system/");
}

export async function runSystemFunction(
  host: Host,
  { component, name }: FunctionPath,
  args: JSONValue,
): Promise<JSONValue> {
  const systemFunction = systemFunctions[name.replace(/:default$/, "")];
  if (!systemFunction) throw new RequestError(`Could not find function for '${name}'.`);
  return convexToJson(await systemFunction(host, component, args as never));
}
