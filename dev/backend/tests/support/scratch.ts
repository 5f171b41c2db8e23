// Once for all files: a folder for what they make.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import type {} from "./fixture.js";

export default function setUp(project: TestProject): () => void {
  const scratch = mkdtempSync(join(tmpdir(), "convex-dev-backend-"));
  project.provide("scratch", scratch);
  return () => rmSync(scratch, { recursive: true });
}
