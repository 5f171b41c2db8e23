import type { KeyValueStore } from "@hamzasaleemorg/convex-kv";
import keyvTestSuite, { keyvIteratorTests } from "@keyv/test-suite";
import { InMemoryStore } from "@langchain/core/stores";
import Keyv5 from "keyv";
import Keyv6 from "keyv-6";
import { createStorage } from "unstorage";
import type { Ctx } from "./adapters.js";
import { type Registrar } from "./harness.js";
import { keyvStore } from "./keyvStore.js";
import { ConvexKvStore } from "./langchainStore.js";
import { keyvSteps, langchainSteps, type Step, storageSteps } from "./steps.js";
import { unstorageDriver } from "./unstorageDriver.js";

// The suites of tests, for a store that is empty at first.

export type Suite = (
  test: Registrar,
  ctx: Ctx,
  store: KeyValueStore<string, [key: string]>,
) => void;

export const suites: Record<string, Suite> = {
  /** That of Keyv, as it is. */
  "@keyv/test-suite": (test, ctx, store) => {
    keyvTestSuite(test as never, Keyv5, () => keyvStore(ctx, store));
    keyvIteratorTests(test as never, Keyv5, () => keyvStore(ctx, store));
  },
  // Those of the others are not in their packages. These compare what each step gives with what it
  // gives with the library's own store in memory.
  "keyv 5": (test, ctx, store) => {
    const namespace = "n";
    const make = () => new Keyv5({ store: keyvStore(ctx, store), namespace });
    compare(test, keyvSteps as Step<Keyv5>[], make, () => new Keyv5({ namespace }));
  },
  "keyv 6": (test, ctx, store) => {
    const namespace = "n";
    const make = () => new Keyv6({ store: keyvStore(ctx, store), namespace });
    compare(test, keyvSteps as Step<Keyv6>[], make, () => new Keyv6({ namespace }));
  },
  unstorage: (test, ctx, store) => {
    const make = () => createStorage({ driver: unstorageDriver(ctx, store) });
    compare(test, storageSteps, make, () => createStorage());
  },
  langchain: (test, ctx, store) => {
    compare<InMemoryStore>(
      test,
      langchainSteps,
      () => new ConvexKvStore(ctx, store) as never,
      () => new InMemoryStore(),
    );
  },
};

function compare<T>(test: Registrar, steps: Step<T>[], make: () => T, makeInMemory: () => T): void {
  for (const { name, run } of steps) {
    test.it(name, async ({ expect }) => {
      const inMemory = await run(makeInMemory());
      expect(await run(make())).toEqual(inMemory);
    });
  }
}
