// What an app's pages do with a store's functions, compiled with the same settings. It needs no
// types of React's.
import { type KeyPart, kvClientFactory } from "@hamzasaleemorg/convex-kv";
import type { ComponentApi } from "@hamzasaleemorg/convex-kv/_generated/component";
import {
  useChildren,
  useCount,
  useEntries,
  useIncrement,
  useValue,
  useWrites,
} from "@hamzasaleemorg/convex-kv/react";
import type { ApiFromModules } from "convex/server";

declare const component: ComponentApi<"convexKv">;
const steps = kvClientFactory(component).use<number, [user: string, day: number]>(["steps"]);
const checks = { checkRead: () => {}, checkWrite: () => {} };
const all = steps.clientApi(checks);
const some = steps.clientApi({ ...checks, methods: ["get", "list"] });

declare const api: ApiFromModules<{ all: typeof all; some: typeof some }>;

interface Maybe {
  key: [string] | undefined;
  flag: boolean | undefined;
  limit: number | undefined;
}

export function usePage({ key, flag, limit }: Maybe) {
  const [value, { set, remove, isLoading, error }] = useValue(api.all, ["ann", 1]);
  const day: number | null | undefined = value;
  const [increment] = useIncrement(api.all, ["ann", 1]);
  const range = { start: key, after: key, end: key, reverse: flag };
  const { entries, status, loadMore } = useEntries(api.all, ["ann"], {
    initialNumItems: 10,
    ...range,
  });
  const keys: [user: string, day: number][] = entries.map((entry) => entry.key);
  const values: number[] = entries.map((entry) => entry.value);
  const { count } = useCount(api.all, [], { limit, start: key });
  const counted: number | undefined = count;
  const { children } = useChildren(api.all, "skip", { initialNumItems: 10, ...range });
  const parts: KeyPart[] = children.map(({ part }) => part);
  const writes = useWrites(api.all);
  const failure: Error | undefined = error ?? writes.error;
  const save = async () => {
    const { written } = await set(5, { ifAbsent: flag, whenLeft: limit });
    const wasThere: boolean = await remove();
    const sum: number = await increment();
    await writes.setMany([{ key: ["ann", 2], value: 5 }]);
    await writes.removeAll(["ann"]);
    loadMore();
    return [written, wasThere, sum];
  };
  return [day, isLoading, status, keys, values, counted, parts, failure, save];
}

export function useWrong() {
  // @ts-expect-error Its keys have two parts.
  useValue(api.all, ["ann"]);
  const [value, { set }] = useValue(api.all, ["ann", 1]);
  // @ts-expect-error Its values are numbers.
  const text: string | null | undefined = value;
  // @ts-expect-error Its values are numbers.
  void set("5");
  // @ts-expect-error Its keys begin with a text.
  useEntries(api.all, [1], { initialNumItems: 10 });
  // @ts-expect-error It says how many to load at first.
  useEntries(api.all, [], {});
  // @ts-expect-error There is no such function.
  useCount(api.some, []);
  // @ts-expect-error There is nothing that writes.
  const [, { set: missing }] = useValue(api.some, ["ann", 1]);
  // @ts-expect-error There is no such function.
  useIncrement(api.some, ["ann", 1]);
  return [text, missing];
}
