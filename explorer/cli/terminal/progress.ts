import { Presets, SingleBar } from "cli-progress";

/** Shows how far something has come, on a terminal's stderr and nowhere else. */
export interface Progress {
  /**
   * @param done Of `total`, if there is one.
   * @param text What to say beside it: "12,345 entries".
   */
  update(done: number, text: string): void;
  /** Takes it away. */
  stop(): void;
}

/** Whether progress is shown: on a terminal. */
export function hasProgress(): boolean {
  return process.stderr.isTTY;
}

/**
 * @param label What goes on: "Importing".
 * @param total What there is to do, in any unit; undefined: nobody knows, and there is no bar.
 */
export function showProgress(label: string, total?: number): Progress {
  if (!hasProgress()) return { update: () => undefined, stop: () => undefined };
  const format =
    total === undefined
      ? `${label}: {text}`
      : `${label} {bar} {percentage}% · {text} · {eta_formatted} left`;
  const settings = { format, stream: process.stderr, clearOnComplete: true, fps: 5, barsize: 24 };
  const bar = new SingleBar({ ...settings, hideCursor: null }, Presets.shades_classic);
  bar.start(total ?? 1, 0, { text: "…" });
  return {
    update: (done, text) => bar.update(total === undefined ? 0 : Math.min(done, total), { text }),
    stop: () => bar.stop(),
  };
}
