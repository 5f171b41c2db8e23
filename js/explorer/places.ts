import type { Value } from "convex/values";
import type { ComponentApi } from "../../convex/_generated/component.js";
import { isBytes } from "../client/bytes.js";
import { kvError } from "../client/errors.js";
import { type AnyStore, type Key, type KeyPart, KeyValueStore } from "../client/index.js";
import { refusal } from "./refusals.js";

// What the explorer looks at: components, and the app's stores in them.

/** An installed component, and what the explorer reads and writes it by. */
export interface Place {
  name: string;
  component: ComponentApi;
  /** All entries, whatever they are of. */
  everything: KeyValueStore<Value>;
  /** The same, but what it writes is not deleted as soon as it expires. */
  unscheduled: KeyValueStore<Value>;
  /** The app's stores, those with the longest prefixes first. */
  stores: { prefix: KeyPart[]; store: KeyValueStore<Value> }[];
}

// Convex's own mark: what a component is called in the app. `components.convexKv` is a new object
// each time.
const PATH = Symbol.for("toReferencePath");

/** The component and the others, each with those of the stores that are its own. */
export function placesOf(
  component: ComponentApi,
  others: Record<string, ComponentApi>,
  stores: readonly AnyStore[],
): Place[] {
  const own = pathOf(component)?.split("/").at(-1) ?? "default";
  const all: [string, ComponentApi][] = [[own, component], ...Object.entries(others)];
  if (Object.hasOwn(others, own)) {
    throw invalid(`It has two components "${own}": the first one is called so already.`);
  }
  const known = stores.map((store) => {
    const { component, absolute } = store["parts"]();
    return { component, prefix: absolute([]), store: store as KeyValueStore<Value> };
  });
  known.sort((one, other) => other.prefix.length - one.prefix.length);
  const places = all.map(([name, component]) => ({
    name,
    component,
    everything: new KeyValueStore<Value>(component, [], { expiry: "exact" }),
    unscheduled: new KeyValueStore<Value>(component),
    stores: known.filter((store) => isSameComponent(store.component, component)),
  }));
  if (places.reduce((sum, { stores }) => sum + stores.length, 0) < known.length) {
    throw invalid("It has a store of a component that it was not given.");
  }
  return places;
}

/** The one that is called so; the first if none is named. */
export function placeCalled(places: readonly Place[], name: string | undefined): Place {
  const place = name === undefined ? places[0] : places.find((place) => place.name === name);
  if (place) return place;
  const names = places.map((place) => JSON.stringify(place.name)).join(", ");
  throw refusal(
    "no_component",
    `The KV Explorer of this app has no component ${JSON.stringify(name)}. It has ${names}.`,
  );
}

/** What a key is written through: the app's store that it belongs to, or that of everything. */
export function storeOf(place: Place, key: Key): { store: KeyValueStore<Value>; rest: KeyPart[] } {
  const found = place.stores.find(({ prefix }) => startsWith(key, prefix));
  if (!found) return { store: place.everything, rest: [...key] };
  return { store: found.store, rest: key.slice(found.prefix.length) };
}

function invalid(message: string) {
  return kvError({ code: "invalid_request", message: `explorerApi cannot be made. ${message}` });
}

/**
 * What an entry is written through that keeps its expiry. What belongs to no store of the app's may
 * expire at any time, and if calls are scheduled for that time, they will find it there too.
 */
export function keptIn(place: Place, key: Key): { store: KeyValueStore<Value>; rest: KeyPart[] } {
  const found = storeOf(place, key);
  return found.store === place.everything ? { ...found, store: place.unscheduled } : found;
}

/** Whether a key is the same as `prefix`, or below it. */
export function startsWith(key: Key, prefix: Key): boolean {
  return prefix.length <= key.length && prefix.every((part, i) => isSamePart(part, key[i]!));
}

function isSamePart(one: KeyPart, other: KeyPart): boolean {
  if (!(isBytes(one) && isBytes(other))) return Object.is(one, other);
  const bytes = new Uint8Array(other);
  return (
    one.byteLength === bytes.length && new Uint8Array(one).every((byte, i) => byte === bytes[i])
  );
}

function isSameComponent(one: ComponentApi, other: ComponentApi): boolean {
  return one === other || (pathOf(one) !== undefined && pathOf(one) === pathOf(other));
}

function pathOf(component: ComponentApi): string | undefined {
  const path = (component as { [PATH]?: unknown })[PATH];
  return typeof path === "string" ? path : undefined;
}
