import { startTransition, useEffect, useState } from "react";

/** What `value` was `ms` milliseconds ago, if it has not changed since: for what can wait. */
export function useLate<T>(value: T, ms: number): T {
  const [late, setLate] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => startTransition(() => setLate(value)), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return late;
}
