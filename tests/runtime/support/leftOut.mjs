// Tells which tests were left out, and why: vitest itself gives their number alone.

export default class LeftOut {
  onTestRunEnd(modules) {
    const tests = modules.flatMap((module) =>
      [...module.children.allTests()].map((test) => ({ module, test, ...test.result() })),
    );
    const skipped = tests.filter(({ state }) => state === "skipped");
    for (const reason of new Set(skipped.map(({ note }) => note))) {
      const group = skipped.filter(({ note }) => note === reason);
      console.log(`\nLeft out: ${group.length} tests, since each ${reason}`);
      for (const { module, test } of group) {
        console.log(`  ${module.relativeModuleId}: ${test.fullName}`);
      }
    }
    console.log(`\n${tests.length - skipped.length} tests ran, ${skipped.length} were left out.`);
  }
}
