// What others' tools find wrong with the packed package: publint with its package.json,
// arethetypeswrong with its types.
import { readFileSync } from "node:fs";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { expect } from "./checks.mjs";

// The package is of ES modules only. So it is resolved as TypeScript does it for a bundler, which
// Convex has, in the old way and the new, and for an ES module in Node.js; `require` is not for it.
const supported = ["node10", "node16-esm", "bundler"];

/** Every message of publint's counts, in strict mode. */
export async function publishable(tarball) {
  const { messages, pkg } = await publint({ pack: { tarball: bytesOf(tarball) }, strict: true });
  const found = messages.map((message) => formatMessage(message, pkg, { color: false }));
  expect(found.length === 0, `publint: ${found.join("\n")}`);
}

/**
 * So does every problem that arethetypeswrong sees, but for the resolutions that are not for it.
 */
export async function typed(tarball) {
  const analysis = await checkPackage(
    createPackageFromTarballData(new Uint8Array(bytesOf(tarball))),
  );
  expect(analysis.types, "arethetypeswrong: the package has no types");
  const problems = analysis.problems.filter(
    ({ resolutionKind }) => resolutionKind === undefined || supported.includes(resolutionKind),
  );
  expect(problems.length === 0, `arethetypeswrong: ${JSON.stringify(problems, null, 1)}`);

  const entrypoints = Object.entries(analysis.entrypoints);
  for (const [path, { resolutions }] of entrypoints) {
    for (const kind of supported) {
      const found = resolutions[kind]?.resolution;
      expect(found, `arethetypeswrong: ${path} is not found by ${kind}`);
      const isTyped = found.isJson || found.isTypeScript;
      expect(isTyped, `arethetypeswrong: ${path} has no types for ${kind}`);
    }
  }
  return `${entrypoints.length} entry points, by ${supported.join(" and ")}`;
}

function bytesOf(file) {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
