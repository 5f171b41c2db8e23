// Compiled, never run: the adapters as the libraries' own types see them.
import type { KeyValueStore, RunMutation, RunQuery } from "@hamzasaleemorg/convex-kv";
import type { BaseStore } from "@langchain/core/stores";
import type { SecondaryStorage } from "better-auth";
import Keyv5, { type KeyvStoreAdapter } from "keyv";
import Keyv6 from "keyv-6";
import { createStorage, type Driver } from "unstorage";
import { keyvStore } from "./convex/keyvStore.js";
import { ConvexKvStore } from "./convex/langchainStore.js";
import { secondaryStorage } from "./convex/secondaryStorage.js";
import { unstorageDriver } from "./convex/unstorageDriver.js";

declare const ctx: RunQuery & RunMutation;
declare const reading: RunQuery;
declare const texts: KeyValueStore<string, [key: string]>;
declare const numbers: KeyValueStore<number, [key: string]>;
declare const secrets: KeyValueStore<string | number, [key: string]>;

export const storage: SecondaryStorage = secondaryStorage(ctx, secrets);
export const adapter: KeyvStoreAdapter = keyvStore(ctx, texts);
export const keyv = [new Keyv5({ store: adapter }), new Keyv6({ store: keyvStore(ctx, texts) })];
export const driver: Driver = unstorageDriver(ctx, texts);
export const items = createStorage({ driver });
export const base: BaseStore<string, number> = new ConvexKvStore(ctx, numbers);

// None of the types is any.
// @ts-expect-error Nothing of what Better Auth calls.
export const noStorage: SecondaryStorage = {};
// @ts-expect-error Nothing of what Keyv calls.
export const noAdapter: KeyvStoreAdapter = {};
// @ts-expect-error Nothing of what unstorage calls.
export const noDriver: Driver = {};
// @ts-expect-error Nothing of what LangChain calls.
export const noBase: BaseStore<string, number> = {};
// @ts-expect-error A query cannot write.
export const readOnly = secondaryStorage(reading, secrets);
// @ts-expect-error Keyv's values are text.
export const ofNumbers = keyvStore(ctx, numbers);
// @ts-expect-error Values of another type.
export const ofTexts: BaseStore<string, number> = new ConvexKvStore(ctx, texts);
