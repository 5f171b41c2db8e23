// What counting costs, here and with @convex-dev/aggregate, on the development backend's engine
// with the platform's limits: counts, not times.
import { join } from "node:path";

const WAYS = ["ours", "aggregate"];
const SIZES = [1_000, 100_000, 1_000_000];

/**
 * By number of entries and way, the figures of main.ts.
 *
 * @param run Runs a program with arguments, and resolves with what it prints.
 */
export async function countCounted(run) {
  const script = join(import.meta.dirname, "main.ts");
  // A million entries take more memory than Node.js gives by itself.
  const flags = ["--experimental-vm-modules", "--no-warnings", "--max-old-space-size=8000"];
  const counted = [];
  for (const entries of SIZES) {
    const ways = {};
    for (const way of WAYS) {
      const args = [...flags, "--import", import.meta.resolve("tsx"), script, way, String(entries)];
      ways[way] = JSON.parse(await run(process.execPath, args, { quiet: true }));
    }
    counted.push({ entries, ways });
  }
  return counted;
}
