// Asks the registry for known vulnerabilities of what an app gets with the package: `npm run
// audit`. Not a part of `npm test`, since the answer changes with no change here, and since not
// every registry answers; if it does not, this fails.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../tools/build.mjs";
import { run, runAsScript } from "../../tools/lib/run.mjs";
import { setup } from "../../tools/setup.mjs";
import { install } from "./install.mjs";
import { pack } from "./tarball.mjs";

await runAsScript(import.meta.url, async () => {
  await setup();
  await build();
  const app = mkdtempSync(join(tmpdir(), "convex-kv-audit-"));
  try {
    writeFileSync(join(app, "package.json"), JSON.stringify({ private: true }));
    const { tarball } = await pack(app);
    await install(app, [tarball]);
    await run("npm", ["audit", "--omit=dev"], { cwd: app });
  } finally {
    rmSync(app, { recursive: true });
  }
});
