import { useNow } from "../data/useNow.js";
import { formatAgo, formatSpan, formatTime } from "./numbers.js";

const SOON = 60_000;

/** Counts down to a time. */
export function TimeLeft({ until }: { until: number }) {
  const left = until - useNow();
  return (
    <time
      className="time-left"
      data-soon={left < SOON || undefined}
      dateTime={new Date(until).toISOString()}
      title={formatTime(until)}
    >
      {formatSpan(left)}
    </time>
  );
}

/** How long ago something was. */
export function TimeAgo({ time }: { time: number }) {
  const now = useNow();
  return (
    <time dateTime={new Date(time).toISOString()} title={formatTime(time)}>
      {formatAgo(now - time)}
    </time>
  );
}
