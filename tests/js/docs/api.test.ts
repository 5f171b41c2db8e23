import { v } from "convex/values";
import { expect, test } from "vitest";
import { z } from "zod";
import { startBackend } from "../support/backend.js";
import { stopClock } from "../support/clock.js";
import { examplesOf, problemsOf, runExample } from "./examples.js";

// The examples of the documents compile, and give what they say.

stopClock();

const examples = ["docs/api.md", "docs/recipes.md"].flatMap(examplesOf);

test.each(examples)("$name", async (example) => {
  const { kv, run, act } = startBackend();
  const make = example.place === "action" ? act : run;
  await make((ctx) => runExample(example, { ctx, kv, v, z, expect }));
});

test("they compile, and one that is misspelt does not", () => {
  expect(examples.length).toBeGreaterThan(15);
  const misspelt = { name: "", code: "kv.uze<string>([]);\n", place: "mutation" } as const;
  const [problems, ofMisspelt] = problemsOf(examples, [misspelt]);
  expect(problems).toEqual([]);
  expect(ofMisspelt).toHaveLength(1);
});

test("what is wrong with one is found", async () => {
  const { kv, run } = startBackend();
  const wrong = {
    name: "",
    code: 'const s = kv.use<string>([]);\nawait s.get(ctx, ["a"]); // => 1\n',
    place: "mutation",
  } as const;
  await expect(run((ctx) => runExample(wrong, { ctx, kv, v, z, expect }))).rejects.toThrow();
});
