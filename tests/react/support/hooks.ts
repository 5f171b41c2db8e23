import fc from "fast-check";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { browserTest } from "../../explorer/support/browser.js";
import { api } from "../page/api.js";
import { argsOf, LOCKED, problems, type Rest, Table, type Write } from "./model.js";
import { ownScreen, server, Tab } from "./tab.js";

// Every hook in a browser: what is shown is what the table holds, and before the server has
// answered what it will hold.

/** One or two tabs that show the same, and what is behind them. */
class Scene {
  /** What the server holds. */
  table = new Table();
  /** What it is asked to do, and does not know yet. */
  private pending: Write[] = [];
  /** What the server holds, and the first tab does not know yet. */
  private unheard: Write[] = [];
  /** What the first tab may have shown since it was last at rest. */
  private possible: Table[] = [new Table()];

  private constructor(
    readonly screen: string,
    readonly first: Tab,
    readonly second: Tab,
  ) {}

  static async open(open: () => Promise<Page>, react: string, tabs: 1 | 2): Promise<Scene> {
    const screen = ownScreen();
    const tab = () => Tab.open(open, { react, screen });
    const first = await tab();
    const scene = new Scene(screen, first, tabs === 2 ? await tab() : first);
    await scene.begin();
    await scene.rest();
    return scene;
  }

  /** Waits until all is there: before, nothing is right or wrong. */
  async begin(options: { isReverse?: boolean } = {}): Promise<void> {
    const { first, table, screen } = this;
    await first.until((shown) => problems(shown, table, screen, options).length === 0);
    await first.frames();
  }

  /** The first tab writes: it shows so at once, though the server does not know yet. */
  async write(write: Write): Promise<void> {
    this.pending.push(write);
    this.possible.push(this.expected);
    await this.first.call(write.call, ...(argsOf(write, this.screen) as [never]));
  }

  /** The second tab writes, and the first hears of it. */
  async writeElsewhere(write: Write): Promise<void> {
    this.carryOut(write);
    await this.second.call(write.call, ...(argsOf(write, this.screen) as [never]));
    await this.second.outcomes();
  }

  /** Somebody else writes, and the first tab hears nothing of it. */
  async writeUnheard(write: Write): Promise<void> {
    const { second, screen } = this;
    await second.call(write.call, ...(argsOf(write, screen) as [never]));
    expect(await second.outcomes()).toEqual(["done"]);
    this.unheard.push(write);
  }

  /** The server does it, or refuses to. */
  private carryOut(write: Write): void {
    const after = this.table.copy();
    if (after.write(write)) this.table = after;
    this.possible.push(this.expected);
  }

  /** What the first tab is to show now. */
  private get expected(): Table {
    const expected = this.table.copy();
    for (const write of this.pending) expected.write(write);
    return expected;
  }

  /** Nothing was shown in between that was at no time right: no entry twice, nothing old again. */
  private async expectAllRight(options: { isReverse?: boolean }): Promise<void> {
    const frames = await this.first.frames();
    for (const frame of frames) {
      const all = this.possible.map((table) => problems(frame, table, this.screen, options));
      const [fewest] = all.sort((a, b) => a.length - b.length);
      expect(fewest).toEqual([]);
    }
  }

  async expectShown(options?: { isReverse?: boolean }): Promise<void> {
    const { first, screen, expected } = this;
    await expect
      .poll(async () => problems(await first.shown(), expected, screen, options))
      .toEqual([]);
  }

  /** The server gets to know it all. Resolves with what became of the writes. */
  async rest(options: { isReverse?: boolean } = {}): Promise<string[]> {
    const { first, second, screen } = this;
    first.release();
    for (const write of this.unheard.splice(0)) this.carryOut(write);
    const outcomes = await first.outcomes();
    while (this.pending.length > 0) this.carryOut(this.pending.shift()!);
    for (const tab of new Set([first, second])) {
      await expect
        .poll(async () =>
          problems(await tab.shown(), this.table, screen, {
            ...(tab === first && options),
            atRest: true,
          }),
        )
        .toEqual([]);
    }
    const { table } = this;
    const held = await server().query(api.notes.getAll, { prefix: [screen] });
    expect(held.map(({ key, value }) => [key, value])).toEqual(table.pairs(screen));
    await this.expectAllRight(options);
    this.possible = [table];
    return outcomes;
  }
}

const put = (rest: Rest, value: number): Write => ({ call: "setAt", rest, value });

/** Tests every hook with the page that has that React. A file for each: two run at a time. */
export function testHooks(react: "18" | "19"): void {
  const hookTest = (name: string, tabs: 1 | 2, body: (scene: Scene) => Promise<void>) =>
    browserTest(`${name}, React ${react}`, {}, async (open) => {
      const scene = await Scene.open(open, react, tabs);
      expect((await scene.first.shown()).version.split(".")[0]).toBe(react);
      await body(scene);
    });

  hookTest("what is written shows at once, and then everywhere", 2, async (scene) => {
    const { first, second } = scene;
    first.hold();
    for (const write of [
      { call: "set", value: 1 },
      { call: "increment" },
      { call: "increment", by: 5 },
      put(["b"], 2),
      put(["c", 1], 3),
      put(["c", 2], 4),
      { call: "incrementAt", rest: ["c", 1], by: -3 },
      { call: "removeAt", rest: ["b"] },
      { call: "remove" },
      put(["d"], 5),
      { call: "removeAll", rest: ["c"] },
    ] satisfies Write[]) {
      await scene.write(write);
      await scene.expectShown();
    }
    expect((await second.shown()).plain.all).toEqual([]);
    expect(new Set(await scene.rest())).toEqual(new Set(["done"]));
  });

  hookTest("what is refused shows until it is, and an error tells", 2, async (scene) => {
    const { first } = scene;
    first.hold();
    await scene.write(put(["b"], 1));
    await scene.write(put(LOCKED, 2));
    await scene.write(put(["c"], 3));
    await scene.expectShown();
    // The errors of latest writes: that one was not the latest.
    const [done, refused, ...rest] = await scene.rest();
    expect([done, ...rest]).toEqual(["done", "done"]);
    expect(refused).toContain("It is locked");
    expect((await first.shown()).writes).toEqual([null, null]);
    await scene.write(put(LOCKED, 2));
    await scene.rest();
    await expect.poll(async () => (await first.shown()).writes[1]).toContain("It is locked");
    await scene.write(put(["c"], 4));
    await expect.poll(async () => (await first.shown()).writes[1]).toBe(null);
    await scene.rest();
    // What the validator does not admit.
    await first.call("set", "text" as unknown as number);
    const [invalid] = await first.outcomes();
    expect(invalid).toMatch(/validat/i);
    await expect.poll(async () => (await first.shown()).value.error).toMatch(/validat/i);
    await first.frames();
    await scene.rest();
  });

  hookTest("whoever writes, and however slow the line is", 2, async (scene) => {
    const { first } = scene;
    await fc.assert(
      fc.asyncProperty(bursts, async (bursts) => {
        for (const { steps, isReverse } of bursts) {
          await first.call("setReverse", isReverse);
          const options = { isReverse };
          await scene.begin(options);
          first.hold();
          for (const step of steps) {
            if (step.by === "nobody") await first.call("loadMore", 2);
            else if (step.by === "me") await scene.write(step.write);
            else await scene.writeElsewhere(step.write);
            await scene.expectShown(options);
          }
          await scene.rest(options);
        }
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
  });

  hookTest("what is written while the line is down is there when it is up", 2, async (scene) => {
    const { first } = scene;
    await scene.write(put(["a"], 1));
    await scene.rest();
    await first.goOffline();
    await scene.write(put(["b"], 2));
    await scene.write({ call: "increment" });
    await scene.expectShown();
    await scene.writeUnheard(put(["c"], 3));
    await scene.expectShown();
    await first.goOnline();
    await scene.rest();
  });

  hookTest("what may not be read is an error, and nothing breaks", 1, async (scene) => {
    const { first } = scene;
    await scene.write(put(["a"], 1));
    await scene.rest();
    await first.call("setTop", "secret");
    await first.until(({ entries, count, children }) =>
      [entries.error, count.error, children.error].every((error) =>
        error?.includes("It is secret"),
      ),
    );
    const { entries, count } = await first.shown();
    expect(entries).toMatchObject({ entries: [], status: "LoadingFirstPage", isLoading: false });
    expect(count).toMatchObject({ isDone: false, isLoading: false });
    await first.call("setTop", scene.screen);
    await scene.begin();
    await scene.rest();
    expect((await first.shown()).entries.error).toBe(undefined);
  });

  hookTest("what is skipped is not read, and another key is another entry", 1, async (scene) => {
    const { first, screen } = scene;
    await scene.write({ call: "setMany", entries: [put1("a"), put1("b")] });
    await scene.rest();
    await first.call("setNote", null);
    await first.call("setSkipped", true);
    await first.until(({ value, entries }) => value.value === undefined && !entries.isLoading);
    const { value, entries, children, count } = await first.shown();
    expect(value).toEqual({ isLoading: false });
    expect(entries).toEqual({ entries: [], status: "LoadingFirstPage", isLoading: false });
    expect(children).toEqual({ children: [], status: "LoadingFirstPage" });
    expect(count).toEqual({ isDone: false, isLoading: false });
    await first.call("set", 5);
    expect((await first.outcomes()).at(-1)).toContain('"skip"');
    await first.call("setNote", "b");
    await first.until(({ value }) => value.value === 1);
    await first.call("set", 6);
    await first.until(({ value }) => value.value === 6);
    expect(await first.outcomes()).toContain("done");
    const stored = await server().query(api.notes.get, { key: [screen, "b"] });
    expect(stored).toBe(6);
  });

  hookTest("what hooks give to be called stays the same", 1, async (scene) => {
    const { first } = scene;
    const names = ["set", "remove", "increment", "setAt", "removeAt", "removeAll"] as const;
    const changed = async () =>
      await first.page.evaluate((names) => {
        const page = globalThis as unknown as Record<"hooks" | "before", Record<string, unknown>>;
        const { before } = page;
        page.before = { ...page.hooks };
        return names.filter((name) => before && before[name] !== page.hooks[name]);
      }, names);
    await changed();
    await scene.write(put(LOCKED, 1));
    await scene.write({ call: "set", value: 1 });
    await scene.rest();
    expect(await changed()).toEqual([]);
    await first.call("setNote", "b");
    await first.until(({ value }) => value.value === null);
    expect(await changed()).toEqual(["set", "remove", "increment"]);
  });
}

const put1 = (letter: string) => ({ rest: [letter] as Rest, value: 1 });

const RUNS = 1;
/** One whose single run has it all. */
const SEED = 5;

const letter = fc.constantFrom("a", "b", "c", "d", "e");
const rest: fc.Arbitrary<Rest> = fc.oneof(
  fc.tuple(letter),
  fc.tuple(letter, fc.nat(2)),
  fc.constant(LOCKED),
);
const value = fc.nat(9);
const write: fc.Arbitrary<Write> = fc.oneof(
  fc.record({ call: fc.constant("set" as const), value }),
  fc.record({ call: fc.constant("remove" as const) }),
  fc.record({ call: fc.constant("increment" as const), by: fc.constantFrom(1, -7) }),
  { weight: 5, arbitrary: fc.record({ call: fc.constant("setAt" as const), rest, value }) },
  fc.record({
    call: fc.constant("setMany" as const),
    entries: fc.array(fc.record({ rest, value }), { maxLength: 4 }),
  }),
  fc.record({ call: fc.constant("incrementAt" as const), rest, by: value }),
  { weight: 3, arbitrary: fc.record({ call: fc.constant("removeAt" as const), rest }) },
  fc.record({ call: fc.constant("removeAll" as const), rest: fc.tuple(letter) }),
);
type Step = { by: "me" | "somebody else"; write: Write } | { by: "nobody" };
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ by: fc.constant("me" as const), write }) },
  fc.record({ by: fc.constant("somebody else" as const), write }),
  fc.constant({ by: "nobody" as const }),
);
/** What happens before the server hears of it. */
const bursts = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 2, maxLength: 7 }), isReverse: fc.boolean() }),
  { minLength: 6, maxLength: 8 },
);
