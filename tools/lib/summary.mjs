const LAST_LINES = 40;

/** Reports progress: a line when a stage starts and when it ends, and a table of all at the end. */
export class Summary {
  #count;
  #started = 0;
  #start = performance.now();
  #rows = [];
  #total = { passed: 0, failed: 0 };

  /** The run that failed first, if one did. */
  failed;

  constructor(count) {
    this.#count = count;
  }

  started({ name, title }) {
    console.log(`[${++this.#started}/${this.#count}] ${name}: ${title}`);
  }

  ended(run, { code, seconds, counts }) {
    const { name } = run.stage;
    this.#total.passed += counts?.passed ?? 0;
    this.#total.failed += counts?.failed ?? 0;
    const state = code === 0 ? "ok" : "FAILED";
    this.#row({ name, state, seconds, counts });
    console.log(`${" ".repeat(8)}${name}: ${state}, ${seconds.toFixed(1)} s`);
    if (code !== 0) this.failed ??= run;
  }

  /** A stage that was stopped because another failed. */
  stopped(run) {
    this.#row({ name: run.stage.name, state: "stopped", seconds: run.seconds() });
  }

  /** The table, the counts, and of a stage that failed what it printed last. */
  print() {
    console.log(`\n${line("stage", "", "seconds", "passed", "failed")}`);
    for (const row of this.#rows) console.log(row);
    const seconds = (performance.now() - this.#start) / 1000;
    console.log(line("all", this.failed ? "FAILED" : "ok", seconds.toFixed(1)));
    if (this.failed !== undefined) this.#printFailure(this.failed);
    const { passed, failed } = this.#total;
    const total = Math.max(failed, this.failed === undefined ? 0 : 1);
    if (passed + total > 0) console.log(`\n${passed} passed, ${total} failed`);
  }

  #row({ name, state, seconds, counts }) {
    this.#rows.push(line(name, state, seconds.toFixed(1), counts?.passed, counts?.failed));
  }

  #printFailure(run) {
    const { name } = run.stage;
    console.log(`\n${name} FAILED. The last lines of ${run.log}:\n`);
    console.log(run.lastLines(LAST_LINES));
    console.log(`\nTo repeat only this: npm test -- ${name}`);
  }
}

function line(name, state, seconds, passed = "", failed = "") {
  const numbers = [seconds, passed, failed].map((cell) => String(cell).padStart(9));
  return name.padEnd(12) + state.padEnd(8) + numbers.join("");
}
