import type { GenericSchema, SchemaDefinition } from "convex/server";
import type { Component } from "../deployment.js";

interface ExportedTable {
  tableName: string;
  indexes: { indexDescriptor: string; fields: string[] }[];
}

interface ExportedSchema {
  tables: ExportedTable[];
  schemaValidation: boolean;
}

/** The component's schema, as convex-test reads one: by exporting each of its tables. */
export function schemaDefinition({
  schema,
}: Component): SchemaDefinition<GenericSchema, boolean> | null {
  if (schema === null) return null;
  const { tables, schemaValidation } = JSON.parse(schema) as ExportedSchema;
  const exporting = tables.map((table) => [table.tableName, { export: () => table }]);
  const definition = { schemaValidation, tables: Object.fromEntries(exporting) as unknown };
  return definition as SchemaDefinition<GenericSchema, boolean>;
}

/** The fields of an index by its name, "kv.path", with those that every index ends with. */
export type IndexFields = (indexName: string) => string[];

export function indexFieldsOf({ schema }: Component): IndexFields {
  const { tables } = JSON.parse(schema ?? '{"tables":[]}') as ExportedSchema;
  const fields = new Map<string, string[]>(
    tables.flatMap(({ tableName, indexes }) =>
      indexes.map((index) => [`${tableName}.${index.indexDescriptor}`, index.fields] as const),
    ),
  );
  return (name) => {
    if (name.endsWith(".by_id")) return ["_id"];
    return [...(fields.get(name) ?? []), "_creationTime", "_id"];
  };
}
