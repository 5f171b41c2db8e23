import type { ModuleSource } from "../dev/backend/isolate/bundle.js";

// The component's modules as Convex's CLI bundled them, and others made of them to compare with. The
// bundler writes each file's path in a comment above the file's text; where what is looked for is not
// there, there is nothing to measure.

const MESSAGES = "// dist/js/core/messages.js\n";
const CORE = "// dist/js/core/";
const EXPORTS = "\nexport {\n";

/** The entry of `withProbe`. */
export const PROBE = "probe.js";

/**
 * The component with the core taken out, and put in its place what answers at once. Loading and
 * calling it costs what the component would cost without the core.
 */
export function withoutCore(modules: readonly ModuleSource[]): ModuleSource[] {
  const { path, source } = coreModule(modules);
  const end = source.lastIndexOf(EXPORTS);
  if (end < 0) throw new Error(`${path} is not built as expected`);
  const files = source.slice(0, end).split(/^(?=\/\/ dist\/)/m);
  const kept = files.filter((file) => !file.startsWith(CORE) || file.startsWith(MESSAGES));
  const stub = `\nvar ${nameOf(source, "loadCore")} = () => (${STUB});\n`;
  return replaced(modules, path, kept.join("") + stub + source.slice(end));
}

/** The component, with an entry that exports the core's own functions. */
export function withProbe(modules: readonly ModuleSource[]): ModuleSource[] {
  const { path, source } = coreModule(modules);
  const names = ["coreInstance", "loadCore"];
  const exported = names.map((name) => `${nameOf(source, name)} as ${name}`).join(", ");
  const probe = `export * from "./kv.js"; export { ${names.join(", ")} } from "./${path}";`;
  const changed = replaced(modules, path, `${source}\nexport { ${exported} };`);
  return [...changed, { path: PROBE, source: probe }];
}

/** A module that does nothing but wait as often as the component does: what remains is the harness. */
export function emptyModule(): ModuleSource[] {
  const wait = `await Convex.asyncSyscall("1.0/nothing", "{}"); `;
  const functions = Object.entries({ get: 1, set: 2, list: 2 }).map(
    ([name, turns]) => `${name} = method(async () => { ${wait.repeat(turns)} return "null"; })`,
  );
  const method = "const method = (run) => ({ invokeQuery: run, invokeMutation: run });";
  return [{ path: "kv.js", source: `${method} export const ${functions.join(", ")};` }];
}

// Plans are of one read of all, whose rows are the page.
const STUB = `{
  encodeKey: () => new ArrayBuffer(8),
  expiryOf: () => undefined,
  isExpired: () => false,
  placeOfValue: () => "withEntry",
  checkEntryBytes() {},
  openPlan: () => ({
    start: () => ({ step: "read", index: "path", bounds: [], maxRows: 101, maxBytes: 1e6 }),
    rows: (rows) => ({ step: "page", rows: [[0, rows.length]], cursor: "", isDone: true }),
    close() {},
  }),
}`;

function coreModule(modules: readonly ModuleSource[]): ModuleSource {
  const found = modules.filter(({ source }) => source.includes(MESSAGES));
  if (found.length !== 1) throw new Error(`The core is in ${found.length} modules, not in 1`);
  return found[0]!;
}

/** What the bundler has renamed a function to. It keeps the name as a string. */
function nameOf(source: string, name: string): string {
  const definition = new RegExp(String.raw`([\w$]+) = /\* @__PURE__ \*/ [\w$]+\(.*, "${name}"\)`);
  const renamed = definition.exec(source)?.[1];
  if (renamed === undefined) throw new Error(`The bundle has no ${name}`);
  return renamed;
}

function replaced(modules: readonly ModuleSource[], path: string, source: string): ModuleSource[] {
  return modules.map((module) => (module.path === path ? { path, source } : module));
}
