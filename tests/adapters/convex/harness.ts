import "./events.js";
import { JestChaiExpect } from "@vitest/expect";
import * as chai from "chai";

// Runs the tests of a suite that is written for Vitest, one at a time, where there is no Vitest: in
// an action. What they expect is checked by Vitest's own `expect`.

type Body = (t: { expect: Expect }) => unknown;
type Expect = ((value: unknown) => { toEqual(other: unknown): void }) & {
  assertions(count: number): void;
};

/** What suites use of Vitest. */
export interface Registrar {
  it(name: string, body: Body): void;
  beforeEach(hook: () => unknown): void;
  afterEach(hook: () => unknown): void;
}

chai.use(JestChaiExpect);

/** The tests that `register` makes, by name: each with its hooks. */
export function testsOf(
  register: (registrar: Registrar) => void,
): Map<string, () => Promise<void>> {
  const [before, after]: (() => unknown)[][] = [[], []];
  const tests = new Map<string, () => Promise<void>>();
  register({
    it(name, body) {
      if (tests.has(name)) throw new Error(`Two tests are named ${name}`);
      tests.set(name, async () => {
        for (const hook of before!) await hook();
        await checked(body);
        for (const hook of after!) await hook();
      });
    },
    beforeEach: (hook) => before!.push(hook),
    afterEach: (hook) => after!.push(hook),
  });
  return tests;
}

async function checked(body: Body): Promise<void> {
  let wanted: number | undefined;
  let made = 0;
  const expect = (value: unknown) => {
    made++;
    return chai.expect(value) as unknown as ReturnType<Expect>;
  };
  await body({
    expect: Object.assign(expect, { assertions: (count: number) => (wanted = count) }),
  });
  if (wanted === undefined ? made > 0 : made === wanted) return;
  throw new Error(`Expected ${wanted ?? "some"} assertions, and there were ${made}`);
}
