/** `setTimeout` counts its delay in 31 bits, 24.8 days: if that is longer it calls back at once. */
const LONGEST_DELAY = 2 ** 31 - 1;

/** Calls back once after `delay` ms, however many they are. Returns what cancels it. */
export function setLongTimeout(callback: () => void, delay: number): () => void {
  const due = Date.now() + delay;
  const wait = (ms: number) => setTimeout(wake, Math.min(ms, LONGEST_DELAY));
  const wake = () => {
    const left = due - Date.now();
    if (left > 0) timer = wait(left);
    else callback();
  };
  let timer = wait(delay);
  return () => clearTimeout(timer);
}
