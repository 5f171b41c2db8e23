import { parseArgs } from "node:util";
import { Backend } from "./backend.js";
import { ManualClock } from "./clock.js";
import { setPatience } from "./isolate/patience.js";
import type { Usage } from "./engine/usage.js";
import { heading, line } from "./report.js";
import { serve } from "./server.js";

// Starts the backend in this process. Node.js needs flags for it: see client.mjs.

const { values: options } = parseArgs({
  options: {
    /** 0: any that is free. */
    port: { type: "string", default: "0" },
    /**
     * Where the clock stands, as a date or in ms since 1970: it moves by POST /dev/advance alone.
     */
    clock: { type: "string" },
    /** How many times the platform's time a call may take. */
    patience: { type: "string", default: "1" },
    /** Lower limits of transactions than the platform's, as JSON: {"documentsWritten": 500}. */
    limits: { type: "string" },
    /** Prints nothing but where it is, as JSON. */
    quiet: { type: "boolean", default: false },
    /** Ends when its input does: with the process that started it. */
    attached: { type: "boolean", default: false },
  },
});

// Code inside a context may leave a promise rejected. That must not end the others.
process.on("unhandledRejection", (reason) => {
  if (!options.quiet)
    console.log(`A promise was rejected, and nobody heard of it: ${String(reason)}`);
});

setPatience(Number(options.patience));
if (options.attached) process.stdin.on("end", () => process.exit()).resume();

const clock = options.clock === undefined ? undefined : new ManualClock(timeOf(options.clock));
const report = (text: string) => {
  if (!options.quiet) console.log(text);
};
const backend = new Backend({
  onCall: (record) => report(line(record)),
  onNotice: (text) => report(text),
  ...(options.limits !== undefined && { limits: JSON.parse(options.limits) as Partial<Usage> }),
});
const url = await serve(backend, Number(options.port), clock);
console.log(JSON.stringify({ url, adminKey: backend.adminKey }));
report(heading());

function timeOf(text: string): number {
  const time = /^\d+$/.test(text) ? Number(text) : Date.parse(text);
  if (Number.isNaN(time)) throw new Error(`Not a time: ${text}`);
  return time;
}
