// Runs one stage of `npm test`, without those that it needs: `node tools/stage.mjs NAME [FILE]`.
// Writes to FILE, as JSON, how many tests passed and failed.
import { writeFileSync } from "node:fs";
import { Failure, runAsScript } from "./lib/run.mjs";
import { stages } from "./lib/stages.mjs";

await runAsScript(import.meta.url, async ([name, file]) => {
  const stage = stages.find((stage) => stage.name === name);
  if (stage === undefined) throw new Failure(`No such stage: ${name}`);
  await stage.check((counts) => {
    if (file !== undefined) writeFileSync(file, JSON.stringify(counts));
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    if (counts.failed > 0) process.exitCode = 1;
  });
});
