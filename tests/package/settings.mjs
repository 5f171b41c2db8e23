// Compiles settings/store.ts, as an app's code, with the settings that apps have: versions of
// TypeScript, ways of resolving modules, strictness, and as a project that another one has the
// declarations of.
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
  const tasks = compilers.flatMap((compiler) => [
    ...compiler.resolutions.map((resolution) => () => compile(app, compiler, resolution)),
    () => compileWorkspace(app, compiler),
  ]);
  await inPairs(tasks);
  const names = compilers.map(({ name }) => name).join(", ");
  return `TypeScript ${names}, ${tasks.length} settings`;
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
    { name: "7", tsc: join(modules, "typescript-7/bin/tsc"), resolutions: ["Bundler"] },
  ];
}

async function compile(app, compiler, resolution) {
  const folder = folderFor(app, `${compiler.name} ${resolution}`);
  cpSync(join(root, "tests/package/settings/store.ts"), join(folder, "store.ts"));
  const forNode = resolution === "Node" ? compiler.forNode : {};
  writeConfig(folder, { ...strictest, ...forNode, ...resolutions[resolution], noEmit: true });
  await expectNoErrors(folder, compiler, ["-p", "."]);
}

/**
 * Two projects with the resolution "NodeNext", of which the second sees what the first declares.
 */
async function compileWorkspace(app, compiler) {
  const folder = folderFor(app, `${compiler.name} workspace`);
  const nodeNext = { module: "NodeNext", moduleResolution: "NodeNext" };
  const options = { ...strictest, ...nodeNext, composite: true, outDir: "out" };
  const addProject = (name, more, references) => {
    mkdirSync(join(folder, name));
    cpSync(join(root, `tests/package/settings/${name}.ts`), join(folder, name, `${name}.ts`));
    writeConfig(join(folder, name), { ...options, ...more }, references);
  };
  addProject("store", everything, []);
  addProject("user", {}, [{ path: "../store" }]);
  await expectNoErrors(folder, compiler, ["-b", "user"]);
}

function folderFor(app, name) {
  const folder = join(app, "settings", name.replaceAll(" ", "-"));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return folder;
}

function writeConfig(folder, options, references = []) {
  const compilerOptions = { target: "ES2022", lib: ["ES2023", "DOM"], types: [], ...options };
  const config = { compilerOptions, include: ["*.ts"], references };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config, null, 2));
}

async function expectNoErrors(folder, { name, tsc }, args) {
  const { code, output } = await attempt(process.execPath, [tsc, ...args, "--pretty", "false"], {
    cwd: folder,
    quiet: true,
  });
  expect(code === 0, `TypeScript ${name} in ${folder}:\n${output}`);
}
