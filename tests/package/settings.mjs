// Compiles settings/store.ts and settings/page.ts, as an app's code, with the settings that apps
// have: versions of TypeScript, ways of resolving modules, strictness, and as a project that
// another one has the declarations of.
import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { attempt, binPath, root } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";
import { inPairs, toolchain } from "./toolchain.mjs";

const strictest = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  skipLibCheck: true,
};

// Looks at the package's own declarations, and at all others: it takes as long again.
const everything = { skipLibCheck: false, skipDefaultLibCheck: true };

const resolutions = {
  // Of apps from before 2024. It knows no "exports": package.json has "typesVersions" for it.
  Node: { module: "ESNext", moduleResolution: "Node" },
  Bundler: { module: "ESNext", moduleResolution: "Bundler" },
};

/** Compiles in `app`, where the package is installed with `convex` and `convex-test`. */
export async function compileWithSettings(app) {
  const compilers = await compilersOf();
  const folder = join(app, "settings");
  rmSync(folder, { recursive: true, force: true });
  let count = 0;
  const tasks = compilers.map((compiler) => {
    const projects = [
      ...compiler.resolutions.map((resolution) => addProject(folder, compiler, resolution)),
      addWorkspace(folder, compiler),
    ];
    count += projects.length;
    return () => compile(folder, compiler, projects);
  });
  await inPairs(tasks);
  const names = compilers.map(({ name }) => name).join(", ");
  return `TypeScript ${names}, ${count} settings`;
}

// Each resolution with the oldest version and the newest that know it, each version with a
// workspace.
async function compilersOf() {
  const modules = join(await toolchain(), "node_modules");
  return [
    {
      name: "5.5",
      tsc: join(modules, "typescript-5.5/bin/tsc"),
      resolutions: ["Node", "Bundler"],
    },
    { name: "5.9", tsc: binPath("typescript/bin/tsc"), resolutions: [] },
    {
      name: "6",
      tsc: join(modules, "typescript-6/bin/tsc"),
      resolutions: ["Node"],
      // The last one that knows "Node", if one insists.
      forNode: { ignoreDeprecations: "6.0" },
    },
    { name: "7", tsc: binPath("typescript-7/bin/tsc"), resolutions: ["Bundler"] },
  ];
}

/** Returns where the project is, below `folder`. */
function addProject(folder, compiler, resolution) {
  const project = `${compiler.name}-${resolution}`;
  const forNode = resolution === "Node" ? compiler.forNode : {};
  const options = { ...strictest, ...forNode, ...resolutions[resolution], noEmit: true };
  write(join(folder, project), ["store", "page"], options);
  return project;
}

/**
 * Two projects with the resolution "NodeNext", of which the second sees what the first declares. It
 * is the second that is returned.
 */
function addWorkspace(folder, compiler) {
  const workspace = `${compiler.name}-workspace`;
  const nodeNext = { module: "NodeNext", moduleResolution: "NodeNext" };
  const options = { ...strictest, ...nodeNext, composite: true, outDir: "out" };
  write(join(folder, workspace, "store"), ["store", "page"], { ...options, ...everything });
  write(join(folder, workspace, "user"), ["user"], options, [{ path: "../store" }]);
  return `${workspace}/user`;
}

function write(project, sources, options, references = []) {
  mkdirSync(project, { recursive: true });
  for (const source of sources) {
    cpSync(join(root, `tests/package/settings/${source}.ts`), join(project, `${source}.ts`));
  }
  const compilerOptions = { target: "ES2022", lib: ["ES2023", "DOM"], types: [], ...options };
  const config = { compilerOptions, include: ["*.ts"], references };
  writeFileSync(join(project, "tsconfig.json"), JSON.stringify(config, null, 2));
}

/** All in one process, which reads the declarations of TypeScript and convex once. */
async function compile(folder, { name, tsc }, projects) {
  const args = [tsc, "-b", ...projects, "--pretty", "false"];
  const { code, output } = await attempt(process.execPath, args, { cwd: folder, quiet: true });
  expect(code === 0, `TypeScript ${name} in ${folder}:\n${output}`);
}
