import type { DatabaseWriter } from "../../convex/_generated/server.js";
import type { InProcess } from "../../dev/backend/testing/inProcess.js";
import { type NewEntry, setOperation } from "../../js/component/rows/operations.js";
import { writeSlot } from "../../js/component/rows/slots.js";
import { keysModule } from "../../js/core/generated/keys.js";
import { provideModules } from "../../js/core/instance.js";

// The core is called outside of the component here.
provideModules(keysModule);

/** How many documents one transaction may well write. */
const AT_ONCE = 10_000;

/** Writes `count` entries as `set` would, from inside: by a call each it would take hours. */
export async function insertEntries(
  app: InProcess,
  component: string,
  count: number,
  entryAt: (i: number) => NewEntry,
): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    await app.inspect(component, async ({ db }) => {
      for (let i = from; i < Math.min(from + AT_ONCE, count); i++) {
        const entry = setOperation(entryAt(i), Date.now()).apply(null);
        const slot = { row: null, entry, version: null };
        await writeSlot(db as unknown as DatabaseWriter, slot);
      }
    });
  }
}
