import type { Component, Deployment } from "../deployment.js";
import { indexesOf, type IndexConfig } from "./schema.js";

interface IndexDiff {
  added_indexes: IndexConfig[];
  removed_indexes: IndexConfig[];
}

/** What a push changes, in the form in which the CLI shows it. */
export function finishPushDiff(before: Deployment | null, after: Deployment): object {
  return {
    authDiff: { added: [], removed: [] },
    definitionDiffs: {},
    componentDiffs: Object.fromEntries(
      eachComponent(before, after, (old, now) => ({
        diffType: { type: !old ? "create" : !now ? "unmount" : "modify" },
        moduleDiff: difference(old?.bundle.paths, now?.bundle.paths),
        udfConfigDiff: null,
        cronDiff: cronDiff(old, now),
        indexDiff: indexDiff(old, now),
        schemaDiff:
          old?.schema === now?.schema
            ? null
            : { previous_schema: old?.schema ?? null, next_schema: now?.schema ?? null },
      })),
    ),
  };
}

/** The indexes that come and go, by component. */
export function indexDiffs(before: Deployment | null, after: Deployment): Record<string, unknown> {
  return Object.fromEntries(eachComponent(before, after, indexDiff));
}

/** The push's schemas as the CLI wants to know them before it deploys to production. */
export function schemaEvaluation(before: Deployment | null, after: Deployment): object {
  const mounted = new Set([...(before?.components.values() ?? [])].map((c) => c.definitionPath));
  const definitions = new Set([...after.components.values()].map((c) => c.definitionPath));
  // How much is stored is not reported: development data needs no warning.
  const change = (change: string) => (index: IndexConfig) => ({
    ...index,
    change,
    needsBackfill: false,
    numDocs: 0,
  });
  return {
    componentSchemaEvaluations: Object.fromEntries(
      eachComponent(before, after, (old, now) => {
        const { added_indexes, removed_indexes } = indexDiff(old, now);
        return {
          definitionPath: (now ?? old)?.definitionPath,
          schemaValidation: (now?.schema ?? null) !== null,
          tables: [],
          indexes: [
            ...added_indexes.map(change("added")),
            ...removed_indexes.map(change("dropped")),
          ],
        };
      }),
    ),
    newComponentDefinitions: [...definitions].filter((path) => !mounted.has(path)),
  };
}

function eachComponent<T>(
  before: Deployment | null,
  after: Deployment,
  compare: (old: Component | undefined, now: Component | undefined) => T,
): [string, T][] {
  const paths = new Set([...after.components.keys(), ...(before?.components.keys() ?? [])]);
  return [...paths].map((path) => [
    path,
    compare(before?.components.get(path), after.components.get(path)),
  ]);
}

function indexDiff(old: Component | undefined, now: Component | undefined): IndexDiff {
  const { added, removed } = difference(
    indexesOf(old?.schema).map((index) => JSON.stringify(index)),
    indexesOf(now?.schema).map((index) => JSON.stringify(index)),
  );
  const parse = (text: string) => JSON.parse(text) as IndexConfig;
  return { added_indexes: added.map(parse), removed_indexes: removed.map(parse) };
}

function cronDiff(old: Component | undefined, now: Component | undefined) {
  const specs = (component: Component | undefined) =>
    new Map(component?.crons.map((cron) => [cron.name, JSON.stringify(cron)]));
  const [was, is] = [specs(old), specs(now)];
  const { added, removed } = difference([...was.keys()], [...is.keys()]);
  const updated = [...is].filter(([name, spec]) => was.has(name) && was.get(name) !== spec);
  return { added, updated: updated.map(([name]) => name), deleted: removed };
}

function difference(old: readonly string[] = [], now: readonly string[] = []) {
  return {
    added: now.filter((one) => !old.includes(one)),
    removed: old.filter((one) => !now.includes(one)),
  };
}
