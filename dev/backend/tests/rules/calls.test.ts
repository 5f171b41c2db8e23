import { makeFunctionReference, type FunctionReference } from "convex/server";
import type { Value } from "convex/values";
import { createContext, runInContext } from "node:vm";
import { beforeEach, describe, expect, test } from "vitest";
import { useBackend } from "../../testing/backend.js";
import { fixture } from "../support/fixture.js";

// What a deployment refuses when a function does it, and what it allows beside it: in the app and
// in a component, where the same functions are.

const backend = useBackend({ app: () => fixture("rules") }, async () => {
  for (const place of places) await place.mutate("limits:seed");
});

type Args = Record<string, Value>;

interface Place {
  component: string;
  query(name: string, args?: Args): Promise<Value>;
  mutate(name: string, args?: Args): Promise<Value>;
}

const app: Place = {
  component: "",
  query: (name, args = {}) => backend.http.query(queryAt(name), args),
  mutate: (name, args = {}) => backend.http.mutation(mutationAt(name), args),
};

/** By way of a function of the app's. */
const component: Place = {
  component: "inner",
  query: (name, args) => app.query("through:queryInner", through(name, args)),
  mutate: (name, args) => app.mutate("through:mutateInner", through(name, args)),
};

const places = [app, component];

function through(path: string, args: Args = {}): Args {
  const [module, name] = path.split(":") as [string, string];
  return { module, name, args };
}

function queryAt(name: string): FunctionReference<"query", "public", Args, Value> {
  return makeFunctionReference(name);
}

function mutationAt(name: string): FunctionReference<"mutation", "public", Args, Value> {
  return makeFunctionReference(name);
}

describe.each([
  { where: "the app", place: app },
  { where: "a component", place: component },
])("in $where", ({ place }) => {
  const clear = () => place.mutate("limits:clear");

  describe("limits of a transaction", () => {
    const LIMIT = "in a single function execution (limit:";

    test("32,000 documents are read", async () => {
      expect(await place.query("limits:readMost")).toContain(
        `16, then: Scanned too many documents ${LIMIT} 32000)`,
      );
    });

    test("16 MiB are read", async () => {
      expect(await place.query("limits:readMostBytes")).toContain(
        `16, then: Read too much data ${LIMIT} 16777216 bytes)`,
      );
    });

    test("4,096 ranges are read", async () => {
      expect(await place.query("limits:readMostRanges")).toContain(
        `15, then: Too many index ranges read ${LIMIT} 4096)`,
      );
    });

    test("16 MiB are written", async () => {
      await clear();
      await expect(place.mutate("limits:writeMostBytes")).rejects.toThrow(
        `16, then: Wrote too much data ${LIMIT} 16777216 bytes)`,
      );
      expect(await place.query("limits:values")).toEqual([]);
    });
  });

  describe("limits of a value", () => {
    const tooLong = "Array length is too long (8193 > maximum length 8192)";
    const values = [
      { kind: "array", fits: 8_192, error: tooLong },
      { kind: "fields", fits: 1_024, error: "Object has too many fields (1025 > maximum number" },
    ];

    test.each(values)(
      "$kind of $fits, and not one more, are passed",
      async ({ kind, fits, error }) => {
        const value = (length: number) =>
          kind === "array"
            ? Array<number>(length).fill(0)
            : Object.fromEntries(Array.from({ length }, (_, i) => [`f${i}`, 0]));
        expect(await place.query("limits:take", { value: value(fits) })).toBe("taken");
        await expect(place.query("limits:take", { value: value(fits + 1) })).rejects.toThrow(error);
      },
    );

    test.each(values)(
      "$kind of $fits, and not one more, are returned",
      async ({ kind, fits, error }) => {
        const give = (length: number) => place.query("limits:give", { shape: { kind, length } });
        expect(Object.keys((await give(fits)) as object)).toHaveLength(fits);
        await expect(give(fits + 1)).rejects.toThrow(error);
      },
    );

    describe.each(["insert", "replace", "patch"])("%s", (name) => {
      beforeEach(clear);

      test.each([
        ...values,
        // The document itself is one level.
        { kind: "levels", fits: 15, error: /too nested/ },
      ])("stores $kind of $fits, and not one more", async ({ kind, fits, error }) => {
        const write = (length: number) =>
          place.mutate(`limits:${name}`, { shape: { kind, length } });
        await expect(write(fits + 1)).rejects.toThrow(error);
        expect(await place.query("limits:values")).toEqual([]);
        await write(fits);
        expect(await place.query("limits:values")).toHaveLength(1);
      });

      test("stores less than 1 MiB, and not more", async () => {
        const write = (length: number) =>
          place.mutate(`limits:${name}`, { shape: { kind: "text", length } });
        await expect(write(1 << 20)).rejects.toThrow(
          /Value is too large \(\d+ bytes > maximum size 1 MiB\)/,
        );
        expect(await place.query("limits:values")).toEqual([]);
        await write((1 << 20) - 200);
        expect(await place.query("limits:values")).toHaveLength(1);
      });
    });

    test("what is not of the type promised is not returned, and nothing stays written", async () => {
      await clear();
      await expect(place.mutate("limits:returnsText", { note: "text" })).rejects.toThrow(
        /Validator.*Expected `number`, got `text`/,
      );
      expect(await place.query("limits:values")).toEqual([]);
    });
  });

  describe("time", () => {
    test.each(["at once", "after an await"])("code that runs on %s is stopped", async (where) => {
      await backend.hurry();
      await expect(place.query("time:runOn", { where })).rejects.toThrow(TIMED_OUT);
    });

    test("promises without end are stopped", async () => {
      await backend.hurry();
      await expect(place.query("time:promises")).rejects.toThrow(TIMED_OUT);
    });

    test("a promise that never resolves is not waited for", async () => {
      await expect(place.query("time:neverResolves")).rejects.toThrow(
        "Returned promise will never resolve",
      );
    });

    test("the clock stands still during a call, and its nested calls", async () => {
      const before = Date.now();
      const times = (await place.query("time:clock")) as number[];
      expect(new Set(times).size).toBe(1);
      expect(times[0]).toBeGreaterThanOrEqual(before);
      expect(times[0]).toBeLessThanOrEqual(Date.now());
    });

    test("a call that reads the clock is told of, and those that called it", async () => {
      const read = async (name: string) => {
        const calls = await backend.callsDuring(() => place.query(name));
        return calls.map(({ name, clockWasRead }) => [name, clockWasRead]);
      };
      const caller = (wasRead: boolean) =>
        place.component === "" ? [] : [["through:queryInner", wasRead]];
      expect(await read("time:now")).toEqual([["time:now", true], ...caller(true)]);
      expect(await read("time:nestedNow")).toEqual([
        ["time:now", true],
        ["time:nestedNow", true],
        ...caller(true),
      ]);
      expect(await read("time:noClock")).toEqual([["time:noClock", false], ...caller(false)]);
    });
  });

  describe("surroundings", () => {
    const NO_CODE = "Code generation from strings disallowed for this context";
    const NOT_HERE = "in queries and mutations. Please consider using an action.";

    test.each([
      ["eval", NO_CODE],
      ["new Function", NO_CODE],
      ["a function of the host's", NO_CODE],
      ["import()", "dynamic module import unsupported"],
      ["import.meta", "import.meta unsupported"],
      ["setTimeout", `Can't use setTimeout ${NOT_HERE}`],
      ["setInterval", `Can't use setInterval ${NOT_HERE}`],
      ["fetch", `Can't use fetch ${NOT_HERE}`],
    ])("%s is refused", async (what, message) => {
      await expect(place.query("contexts:attempt", { what })).rejects.toThrow(message);
    });

    test("the globals are JavaScript's, and those of Convex's runtime", async () => {
      const { all, ofProcess, environment } = (await place.query("contexts:globals")) as Record<
        string,
        string[]
      >;
      const names = "Object.getOwnPropertyNames(globalThis)";
      const javaScript = runInContext(names, createContext({})) as string[];
      const known = new Set([...javaScript.filter((name) => name !== "Temporal"), ...GLOBALS]);
      expect(all).toEqual([...known].sort());
      expect(all).toEqual(expect.arrayContaining(["WebAssembly", "Atomics", "Intl"]));
      for (const name of ["Buffer", "require", "global", "module", "performance", "navigator"]) {
        expect(all).not.toContain(name);
      }
      expect({ ofProcess, environment }).toEqual({ ofProcess: ["env"], environment: [] });
    });

    // The first two are in FIPS 180-4's examples.
    test.each([
      ["SHA-256", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
      ["SHA-1", "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
      ["SHA-256", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ])("crypto.subtle has %s of %j", async (algorithm, text, hash) => {
      expect(await place.query("contexts:digest", { algorithm, text })).toEqual([hash, hash]);
    });

    test("crypto.subtle has no other digest", async () => {
      const md5 = { algorithm: "MD5", text: "abc" };
      await expect(place.query("contexts:digest", md5)).rejects.toThrow("Unrecognized algorithm");
    });

    test("what one call leaves behind, no other finds", async () => {
      const alone = [[1, 0, 0], "leaf", [2, 1, 1]];
      for (let i = 0; i < 2; i++) {
        expect(await place.query("contexts:leaveTraces")).toEqual([[1, 0, 0], alone, [2, 1, 1]]);
      }
    });

    test("an internal function is found from its own side", async () => {
      expect(await place.query("contexts:callHidden")).toBe("found");
    });
  });

  test("a nested mutation that fails undoes its own writes, and those of the ones it called", async () => {
    await clear();
    const messages = await place.mutate("contexts:notes");
    expect(messages).toEqual([
      expect.stringContaining("No second"),
      expect.stringContaining("No fourth"),
      null,
    ]);
    expect(await place.query("limits:values")).toEqual(["first", "last"]);
  });
});

test("a client does not find an internal function", async () => {
  await expect(app.query("contexts:hidden")).rejects.toThrow(
    "Could not find public function for 'contexts:hidden'",
  );
});

test("an app does not find a component's internal function", async () => {
  await expect(component.query("contexts:hidden")).rejects.toThrow(
    "Could not find public function for 'contexts:hidden' in component \"inner\"",
  );
});

test("only the app can paginate", async () => {
  expect(await app.query("limits:paginate")).toBe(3);
  await expect(component.query("limits:paginate")).rejects.toThrow(
    "paginate() is only supported in the app.",
  );
});

test("a component's mutation that fails leaves the app's writes", async () => {
  for (const { mutate } of places) await mutate("limits:clear");
  expect(await app.mutate("through:catchInner")).toContain("No undone");
  expect(await app.query("limits:values")).toEqual(["kept"]);
  expect(await component.query("limits:values")).toEqual([]);
});

test("what a mutation's calls do counts for the mutation", async () => {
  const calls = await backend.callsDuring(() =>
    component.mutate("contexts:note", { text: "one", fails: false }),
  );
  const counted = calls.map(({ component, usage }) => [component, usage.documentsWritten]);
  expect(counted).toEqual([
    ["inner", 1],
    ["", 1],
  ]);
});

test("a module that loads for too long is stopped", async () => {
  await backend.hurry();
  await expect(app.query("slowLoad:get")).rejects.toThrow(TIMED_OUT);
});

test("an action has timers", async () => {
  const wait = makeFunctionReference<"action", Record<string, never>, string>("through:wait");
  expect(await backend.http.action(wait, {})).toBe("waited");
});

const TIMED_OUT = "Function execution timed out (maximum duration: 1s)";

/** Beside what every V8 context has. */
const GLOBALS = [
  "Convex",
  "TextDecoder",
  "TextEncoder",
  "atob",
  "btoa",
  "clearInterval",
  "clearTimeout",
  "console",
  "crypto",
  "fetch",
  "process",
  "setInterval",
  "setTimeout",
];

test("the clock of an action goes on", async () => {
  expect(await backend.http.action(makeFunctionReference<"action">("time:goesOn"))).toBe(true);
});
