/**
 * A clock that stands still until it is told to move, and timers that go off when it gets there. The
 * tour can let days pass in no time, and sees background work run batch by batch.
 */
export class Clock {
  private timers: { at: number; callback: () => void }[] = [];

  constructor(private now: number) {}

  /** Puts this clock in the place of the real one, for all that runs in this process. */
  install(): void {
    Date.now = () => this.now;
    const setTimer = (callback: () => void, delay = 0) =>
      this.timers.push({ at: this.now + delay, callback });
    globalThis.setTimeout = setTimer as unknown as typeof setTimeout;
  }

  /** Moves on, and sets off the timers that are due by then. */
  advance(milliseconds: number): void {
    this.now += milliseconds;
    const due = this.timers.filter(({ at }) => at <= this.now).sort((a, b) => a.at - b.at);
    this.timers = this.timers.filter((timer) => !due.includes(timer));
    for (const { callback } of due) callback();
  }
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** A time as a reader wants it: "Mon 9 Mar 09:00". */
export function readableTime(time: number): string {
  const date = new Date(time);
  const month = date.toUTCString().split(" ")[2];
  const clock = date.toISOString().slice(11, 16);
  return `${days[date.getUTCDay()]} ${date.getUTCDate()} ${month} ${clock}`;
}
