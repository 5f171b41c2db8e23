// Where an editor goes for "go to definition" in an app: asks TypeScript's server for editors.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { binPath, root } from "../../tools/lib/run.mjs";
import { expect } from "./checks.mjs";

const { name } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/**
 * Expects the definition of what stands at `text` in `file` of `app` to be in `source` of the
 * package.
 */
export async function leadsToSource(app, file, text, source) {
  const path = join(app, file);
  const before = readFileSync(path, "utf8").split(text)[0].split("\n");
  const place = { file: path, line: before.length, offset: before.at(-1).length + 1 };
  const [found] = await ask(app, [
    { command: "open", arguments: { file: path } },
    { command: "definition", arguments: place },
  ]);
  const expected = join(app, "node_modules", name, source);
  expect(
    found?.file === expected,
    `The definition of ${text} is in ${found?.file}, not ${expected}`,
  );
  expect(existsSync(found.file), `${found.file} is not there`);
  return source;
}

/** The body of the answer to the last of the requests. */
function ask(cwd, requests) {
  // It would look for types in the registry.
  const options = ["--disableAutomaticTypingAcquisition"];
  const server = spawn(process.execPath, [binPath("typescript/lib/tsserver.js"), ...options], {
    cwd,
    stdio: ["pipe", "pipe", "inherit"],
  });
  requests.forEach((request, seq) =>
    server.stdin.write(`${JSON.stringify({ type: "request", seq, ...request })}\n`),
  );
  return new Promise((resolve, reject) => {
    let output = "";
    server.on("error", reject);
    server.on("close", () => reject(new Error(`TypeScript's server ended: ${output}`)));
    server.stdout.on("data", (chunk) => {
      output += chunk;
      const messages = output.split("\n").filter((line) => line.startsWith("{"));
      const answer = messages.map(parsed).find((it) => it?.request_seq === requests.length - 1);
      if (!answer) return;
      resolve(answer.body ?? []);
      server.kill();
    });
  });
}

function parsed(line) {
  try {
    return JSON.parse(line);
  } catch {
    // Not all of it is there yet.
    return undefined;
  }
}
