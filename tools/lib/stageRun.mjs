import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./run.mjs";

const folder = join(root, ".cache/logs");

/** A stage that runs, in a separate process whose output goes to a file. */
export class StageRun {
  #child;
  #start = performance.now();

  /** `shown`: its output goes to ours as well. */
  constructor(stage, { shown }) {
    this.stage = stage;
    mkdirSync(folder, { recursive: true });
    this.log = `.cache/logs/${stage.name}.log`;
    const counts = join(folder, `${stage.name}.json`);
    rmSync(counts, { force: true });
    const log = createWriteStream(join(root, this.log));
    const args = [join(root, "tools/stage.mjs"), stage.name, counts];
    // A separate process group, so that it can be stopped with all that it has started.
    this.#child = spawn(process.execPath, args, {
      cwd: root,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.pipe(log, { end: false });
      if (shown) stream.pipe(process.stdout, { end: false });
    }
    /** Resolves, and never rejects, with how it ended. */
    this.result = new Promise((resolve) => {
      const end = (code) =>
        log.end(() =>
          resolve({
            run: this,
            code,
            seconds: this.seconds(),
            counts: existsSync(counts) ? JSON.parse(readFileSync(counts, "utf8")) : undefined,
          }),
        );
      this.#child.on("error", (error) => {
        log.write(`${error.message}\n`);
        end(1);
      });
      this.#child.on("close", (code, signal) => end(signal ?? code));
    });
  }

  seconds() {
    return (performance.now() - this.#start) / 1000;
  }

  /** The last lines that it printed. */
  lastLines(count) {
    const log = join(root, this.log);
    return (existsSync(log) ? readFileSync(log, "utf8") : "")
      .trimEnd()
      .split("\n")
      .slice(-count)
      .join("\n");
  }

  /** Ends it, and what it has started. */
  stop() {
    try {
      process.kill(-this.#child.pid, "SIGTERM");
    } catch (error) {
      if (error.code !== "ESRCH") throw error;
    }
  }
}
