import FakeTimers from "@sinonjs/fake-timers";

/**
 * A clock that stands still until it is told to move, in the place of this process's own: for tests
 * and tours, which want to see a week pass.
 */
export class ManualClock {
  private readonly clock: ReturnType<typeof FakeTimers.install>;

  /** @param now In ms since 1970. */
  constructor(now: number) {
    const toFake = ["Date", "setTimeout", "clearTimeout", "setInterval", "clearInterval"] as const;
    this.clock = FakeTimers.install({ now, toFake: [...toFake] });
  }

  /** Drops all timers, and goes back to the initial time. */
  reset(): void {
    this.clock.reset();
  }

  /**
   * Moves forward, runs what is due by then, and waits until that has ended. A cron that was due
   * more than once runs once, as the platform skips runs that it missed.
   */
  async advance(milliseconds: number, settle: () => Promise<void>): Promise<void> {
    this.clock.jump(milliseconds);
    await settle();
  }
}
