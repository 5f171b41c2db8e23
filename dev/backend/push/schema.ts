import { Bundle } from "../isolate/bundle.js";
import { PushError } from "./errors.js";
import { inspect } from "./inspect.js";
import type { PushedModule } from "./request.js";

/** `SchemaDefinition.export()`, as far as it is used here. */
export interface SchemaExport {
  tables: TableExport[];
  schemaValidation: boolean;
}

interface TableExport {
  tableName: string;
  indexes: DatabaseIndex[];
  stagedDbIndexes?: DatabaseIndex[];
  searchIndexes?: SearchIndex[];
  stagedSearchIndexes?: SearchIndex[];
  vectorIndexes?: VectorIndex[];
  stagedVectorIndexes?: VectorIndex[];
}

interface DatabaseIndex {
  indexDescriptor: string;
  fields: string[];
}

interface SearchIndex {
  indexDescriptor: string;
  searchField: string;
  filterFields: string[];
}

interface VectorIndex {
  indexDescriptor: string;
  vectorField: string;
  dimensions: number;
  filterFields: string[];
}

/** An index in the CLI's form. */
export type IndexConfig = { name: string; staged?: true } & (
  | { type: "database"; fields: string[] }
  | { type: "search"; searchField: string; filterFields: string[] }
  | { type: "vector"; vectorField: string; dimensions: number; filterFields: string[] }
);

/** Returns the JSON text of the schema. */
export async function evaluateSchema(
  module: PushedModule | null,
  definitionPath: string,
): Promise<string | null> {
  if (!module) return null;
  const where = definitionPath === "" ? "" : ` of the component at ${definitionPath}`;
  return await inspect<string>(new Bundle([module]), module.path, LOOK, (problem) => {
    return new PushError("InvalidSchema", `Failed to evaluate ${module.path}${where}: ${problem}`);
  });
}

const LOOK = `(exports) => {
  const schema = exports.default?.export?.();
  if (typeof schema === "string" && Array.isArray(JSON.parse(schema).tables)) return schema;
  throw new TypeError("its default export is not defineSchema()");
}`;

export function parseSchema(schema: string): SchemaExport {
  return JSON.parse(schema) as SchemaExport;
}

/** Every index that a schema asks for. */
export function indexesOf(schema: string | null | undefined): IndexConfig[] {
  return schema ? parseSchema(schema).tables.flatMap(indexesOfTable) : [];
}

function indexesOfTable(table: TableExport): IndexConfig[] {
  const name = (index: { indexDescriptor: string }) => ({
    name: `${table.tableName}.${index.indexDescriptor}`,
  });
  const database = (index: DatabaseIndex) => ({
    ...name(index),
    type: "database" as const,
    fields: [...index.fields, "_creationTime"],
  });
  const search = ({ searchField, filterFields, ...index }: SearchIndex) => ({
    ...name(index),
    type: "search" as const,
    searchField,
    filterFields,
  });
  const vector = ({ vectorField, dimensions, filterFields, ...index }: VectorIndex) => ({
    ...name(index),
    type: "vector" as const,
    vectorField,
    dimensions,
    filterFields,
  });
  const staged: IndexConfig[] = [
    ...(table.stagedDbIndexes ?? []).map(database),
    ...(table.stagedSearchIndexes ?? []).map(search),
    ...(table.stagedVectorIndexes ?? []).map(vector),
  ];
  return [
    ...table.indexes.map(database),
    ...(table.searchIndexes ?? []).map(search),
    ...(table.vectorIndexes ?? []).map(vector),
    ...staged.map((index) => ({ ...index, staged: true as const })),
  ];
}
