// Tells which tests were left out, and why: vitest itself gives their number alone.

export default class LeftOut {
  onTestRunEnd(modules) {
    const inOrder = modules.toSorted((a, b) => (a.moduleId < b.moduleId ? -1 : 1));
    const tests = inOrder.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ module, test, ...test.result() })),
    );
    const leftOut = tests.filter(({ state, note }) => state === "skipped" && note);
    for (const reason of new Set(leftOut.map(({ note }) => note))) {
      console.log(`\nLeft out, since each ${reason}:`);
      for (const { module, test } of leftOut.filter(({ note }) => note === reason)) {
        console.log(`  ${module.relativeModuleId}: ${test.fullName}`);
      }
    }
    const ran = tests.filter(({ state }) => state === "passed" || state === "failed");
    console.log(`\nTests that ran: ${ran.length}. Left out: ${leftOut.length}.`);
  }
}
