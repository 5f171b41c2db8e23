import { vi } from "vitest";

const root = new URL("../../../", import.meta.url).pathname;
// By its source, if the stack is mapped to sources, and else as it is built.
const component = new RegExp(`${root}(dist/)?(convex|js)/`);

/**
 * How often the package reads the clock while `body` runs. convex-test reads it too: calls are told
 * apart by whether a file of the component stands in the stack.
 */
export async function clockReads(body: () => Promise<unknown>): Promise<number> {
  const now = Date.now;
  let reads = 0;
  const spy = vi.spyOn(Date, "now").mockImplementation(() => {
    if (component.test(new Error().stack ?? "")) reads += 1;
    return now.call(Date);
  });
  try {
    await body();
  } finally {
    spy.mockRestore();
  }
  return reads;
}
