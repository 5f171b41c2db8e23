// The backend as one JavaScript file: Node.js starts that in half the time that it needs to compile
// the sources one by one.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const sources = fileURLToPath(new URL(".", import.meta.url));
const cache = fileURLToPath(new URL(".cache", import.meta.url));

/** Resolves with the file's path. Bundles again only if a source has changed. */
export async function backendProgram() {
  const program = join(cache, "backend.mjs");
  const stamp = `// ${hashOfSources()}\n`;
  if (existsSync(program) && readFileSync(program, "utf8").startsWith(stamp)) return program;
  const { outputFiles } = await build({
    entryPoints: [join(sources, "main.ts")],
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    format: "esm",
    write: false,
    plugins: [{ name: "own places", setup: keepPlaces }],
  });
  mkdirSync(cache, { recursive: true });
  // Others may read it, or write it too.
  const begun = `${program}.${process.pid}`;
  writeFileSync(begun, stamp + outputFiles[0].text);
  renameSync(begun, program);
  return program;
}

function hashOfSources() {
  const hash = createHash("sha256");
  const files = readdirSync(sources, { recursive: true }).filter(
    (file) => /\.m?ts$|\.mjs$/.test(file) && !/^(\.cache|node_modules|testing|tests)\b/.test(file),
  );
  for (const file of files.sort()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(sources, file)))
      .update("\0");
  }
  return hash.digest("hex");
}

/** Each source goes on to know its own place, from which it finds others. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const url = JSON.stringify(pathToFileURL(path).href);
    const contents = readFileSync(path, "utf8").replaceAll("import.meta.url", url);
    return { loader: "ts", contents };
  });
}
