import type { SetOptions as StoreOptions } from "@hamzasaleemorg/convex-kv";
import type { Call as Concrete, Scan, StoreCall as Made } from "../../runtime/app/convex/carry.js";
import type { Held, Range, SetOptions, Step, StoreCall } from "./calls.js";
import type { Model } from "./model.js";
import type { Cursor } from "./pages.js";
import { STORES, VALUES } from "./samples.js";

type NewEntries = (StoreCall & { do: "setMany" })["entries"];

/** A call as it is made: with its values, and with the cursors and versions that there are now. */
export function realise({ store: n, ...call }: StoreCall, model: Model): Made {
  const store = STORES[n]!;
  const made = (concrete: Concrete): Made => ({ store, call: withoutUndefined(concrete) });
  const optionsOf = ({ expiresIn, metadata, ...rest }: SetOptions): StoreOptions => ({
    ...rest,
    ...(expiresIn !== undefined && { expiresAt: model.now + expiresIn }),
    ...(metadata !== undefined && { metadata: VALUES[metadata] }),
  });
  const entriesOf = (entries: NewEntries) =>
    entries.map(({ key, value, options }) => ({
      ...{ key, value: VALUES[value] },
      ...optionsOf(options),
    }));
  switch (call.do) {
    case "list":
    case "keys":
    case "paginate":
    case "count":
    case "children": {
      const { range, limit, cursor: held, values: includeValues } = call;
      const cursor = heldOf(model.cursors, held);
      const from = held?.own ? cursor : undefined;
      let what = call.do;
      if (from?.of === "children") what = "children";
      else if (from && what === "children") what = "list";
      const isListed = what === "list" || what === "paginate";
      const ends = model.cursors.filter(
        ({ at }) => !call.end?.own || !from || at.belongsTo === from.at.belongsTo,
      );
      const end = what === "paginate" ? heldOf(ends, call.end) : undefined;
      const scan = {
        ...(from ? rangeOf(from.scan) : range),
        ...{ limit, cursor: cursor?.text, endCursor: end?.text },
        ...(isListed && { includeValues }),
      } as Scan;
      return { ...made({ do: what, scan }), store: from?.store ?? store };
    }
    case "getAll":
    case "first":
    case "last":
      return made({ do: call.do, scan: { ...call.range, includeValues: call.values } });
    case "entries":
      return made({ do: "entries", scan: call.range, batchSize: call.batchSize });
    case "deleteAll":
      return made({ do: "deleteAll", scan: call.range });
    case "job":
      return made({ do: "job", id: model.jobs[call.nth % (model.jobs.length || 1)]?.id ?? "none" });
    case "set":
      return made({ ...call, value: VALUES[call.value], options: optionsOf(call.options) });
    case "setMany":
      return made({ do: "setMany", entries: entriesOf(call.entries) });
    case "replaceAll": {
      const { prefix } = call.range;
      const below = call.entries.map((entry) => ({ ...entry, key: [...prefix, ...entry.key] }));
      return made({ do: "replaceAll", scan: call.range, entries: entriesOf(below) });
    }
    case "increment":
      return made({ ...call, by: VALUES[call.by] as number, options: optionsOf(call.options) });
    case "addToCount":
      return made({ ...call, by: VALUES[call.by] as number });
    case "update":
      return made({
        ...{ do: "update", key: call.key, options: optionsOf(call.options) },
        ...(call.to !== undefined && { to: VALUES[call.to] }),
      });
    case "expire":
      return made({
        do: "expire",
        key: call.key,
        options: withoutUndefined({ ttl: call.ttl, when: call.when, whenLeft: call.whenLeft }),
      });
    case "atomic": {
      const checks = call.checks.map(({ key, version }) => {
        const now = model.at([...store.prefix, ...key])?.version ?? null;
        return { key, version: { current: now, none: null, other: `${now}0` }[version] };
      });
      const steps = call.steps.map((step: Step) => {
        if (step.do === "delete" || step.do === "take") return step;
        const options = optionsOf(step.options);
        if (step.do === "set") return { ...step, value: VALUES[step.value], options };
        return { ...step, by: VALUES[step.by] as number, options };
      });
      return made({ do: "atomic", checks, empty: call.empty, steps });
    }
    default:
      return made(call);
  }
}

function heldOf(cursors: readonly Cursor[], held: Held | undefined): Cursor | undefined {
  return held && cursors[held.held % (cursors.length || 1)];
}

function rangeOf({ prefix, start, after, end, startsWith, reverse }: Scan): Range {
  return { prefix, start, after, end, startsWith, reverse } as Range;
}

// A call may have to cross as an argument, and those hold no undefined.
function withoutUndefined<T>(value: T): T {
  if (Array.isArray(value)) return value.map(withoutUndefined) as T;
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  const fields = Object.entries(value as object).filter(([, field]) => field !== undefined);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutUndefined(field)])) as T;
}
