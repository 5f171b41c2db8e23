// What the KV Explorer's page does itself, in time of its main thread: while the backend answers,
// it has nothing to do, and that does not count. Nor does what else the machine is busy with.

/** Set in the page: resolves when something that has this text has been drawn. */
const DRAWN = `
  globalThis.drawn = (selector, text) => new Promise((resolve) => {
    const look = () => {
      if (!document.querySelector(selector)?.textContent.includes(text)) return;
      observer.disconnect();
      requestAnimationFrame(() => setTimeout(resolve));
    };
    const observer = new MutationObserver(look);
    observer.observe(document, { childList: true, characterData: true, subtree: true });
    look();
  });
`;

/**
 * @param {import("playwright-core").Page} page One that nothing was opened in yet.
 * @returns `during(act, selector, text)` acts, waits until something that the selector finds has
 *   the text and is drawn, and resolves with what the page did meanwhile, in ms: `work`, and of
 *   that `scripting`, `style` and `layout`; and `wait`, by the clock.
 */
export async function observe(page) {
  await page.addInitScript(DRAWN);
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
  const metrics = async () => {
    const { metrics } = await cdp.send("Performance.getMetrics");
    return Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1000]));
  };
  const during = async (act, selector, text) => {
    const before = await metrics();
    const begin = performance.now();
    await act();
    await page.evaluate(([where, what]) => globalThis.drawn(where, what), [selector, text]);
    const wait = performance.now() - begin;
    const after = await metrics();
    const spent = (name) => after[name] - before[name];
    return {
      work: spent("TaskDuration"),
      scripting: spent("ScriptDuration"),
      style: spent("RecalcStyleDuration"),
      layout: spent("LayoutDuration"),
      wait,
    };
  };
  return { during };
}
