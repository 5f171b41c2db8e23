// Every check of the project, three stages at a time; the first that fails ends the run. With
// names, only those, and what they need: `npm test -- lint vitest`. What a stage prints goes to
// .cache/logs, and is shown as well if it is the only one that is named.
import { runAsScript } from "./lib/run.mjs";
import { StageRun } from "./lib/stageRun.mjs";
import { chooseStages } from "./lib/stages.mjs";
import { Summary } from "./lib/summary.mjs";

// Many stages have parts that keep only one core busy, or wait: two leave a core of two idle at
// times.
const AT_ONCE = 3;

await runAsScript(import.meta.url, async (names) => {
  const waiting = chooseStages(names);
  const summary = new Summary(waiting.length);
  const unfinished = new Set(waiting.map(({ name }) => name));
  const running = new Set();
  const isReady = ({ needs }) => !needs.some((need) => unfinished.has(need));
  const stopAll = () => running.forEach((run) => run.stop());
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.once(signal, () => {
      stopAll();
      process.exit(1);
    });
  }

  while (summary.failed === undefined && unfinished.size > 0) {
    while (running.size < AT_ONCE && waiting.some(isReady)) {
      const [stage] = waiting.splice(waiting.findIndex(isReady), 1);
      summary.started(stage);
      running.add(new StageRun(stage, { shown: names.length === 1 && names[0] === stage.name }));
    }
    const { run, ...result } = await Promise.race([...running].map(({ result }) => result));
    running.delete(run);
    unfinished.delete(run.stage.name);
    summary.ended(run, result);
  }
  stopAll();
  for (const run of running) summary.stopped(run);
  summary.print();
  if (summary.failed !== undefined) process.exitCode = 1;
});
