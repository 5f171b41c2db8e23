import { afterEach, beforeEach, vi } from "vitest";

/** A moment to start from. */
export const NOW = Date.UTC(2026, 7, 1, 12);

/** Stops the clock at NOW for each test of the file. It moves with vi.setSystemTime only. */
export function stopClock(): void {
  beforeEach(() => {
    vi.useFakeTimers({ now: NOW });
  });
  afterEach(() => {
    vi.useRealTimers();
  });
}
