import type { Footprint } from "./footprints.js";

// Many clients under optimistic concurrency control, as Convex has it: a transaction runs on a
// snapshot, and commits unless somebody has written what it read since. If so it runs again, anew.

export interface Load {
  clients: number;
  /** How many transactions each client makes, one after another. */
  each: number;
  /** The footprint of another transaction, or of the same that runs again. */
  attempt: () => Footprint;
  /** A number from 0 up to 1, as Math.random gives. */
  random: () => number;
}

interface Running {
  /** The client's transactions that are left, this one included. */
  left: number;
  footprint: Footprint;
  /** How many had been committed when it began. */
  begun: number;
  endsAt: number;
}

/** How often transactions had to run again before all were committed. */
export function countConflicts({ clients, each, attempt, random }: Load): number {
  const committed: Footprint[] = [];
  const touches = remembered();
  // What takes longer than another, and by how much, is chance.
  const begin = (now: number, left: number): Running => ({
    left,
    footprint: attempt(),
    begun: committed.length,
    endsAt: now + 1 + random(),
  });
  let running = Array.from({ length: clients }, () => begin(0, each));
  let conflicts = 0;
  while (running.length > 0) {
    const next = running.reduce((first, one) => (one.endsAt < first.endsAt ? one : first));
    const { footprint, begun, endsAt } = next;
    const isTouched = committed.slice(begun).some((other) => touches(other, footprint));
    let { left } = next;
    if (isTouched) conflicts++;
    else {
      committed.push(footprint);
      left--;
    }
    running = running.filter((one) => one !== next);
    if (left > 0) running.push(begin(endsAt, left));
  }
  return conflicts;
}

/** Whether one transaction wrote what another read. Few footprints are met often. */
function remembered(): (writer: Footprint, reader: Footprint) => boolean {
  const known = new Map<Footprint, Map<Footprint, boolean>>();
  return (writer, reader) => {
    const of = known.get(reader) ?? new Map<Footprint, boolean>();
    known.set(reader, of);
    const answer = of.get(writer) ?? reader.reads.isTouchedBy(writer.writes);
    of.set(writer, answer);
    return answer;
  };
}
