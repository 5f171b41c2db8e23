import { describe, expect, test } from "vitest";
import { parse } from "../../tools/test-deployment.mjs";

// What `npm run test:deployment` takes, and what it does not.

const required = ["--url", "http://127.0.0.1:3210/", "--admin-key", "name|key"];
const deployment = { url: "http://127.0.0.1:3210", adminKey: "name|key" };

describe("arguments", () => {
  test("a URL and a key: all files, and no deployment that holds other functions", () => {
    expect(parse(required)).toEqual({ deployment, yes: false, files: ["api/", "live/"] });
  });

  test("some files, and leave to replace", () => {
    const expected = { deployment, yes: true, files: ["live/exact"] };
    expect(parse([...required, "--yes", "live/exact"])).toEqual(expected);
  });

  test.each([
    ["nothing", []],
    ["no key", required.slice(0, 2)],
    ["an empty key", [...required.slice(0, 3), ""]],
    ["no URL", required.slice(2)],
    ["what is no URL", ["--url", "3210", ...required.slice(2)]],
    ["a URL of another kind", ["--url", "file:///tmp", ...required.slice(2)]],
    ["an unknown option", [...required, "--force"]],
  ])("%s: refused", (_, args) => {
    expect(parse(args)).toBeUndefined();
  });

  test("--help needs nothing else", () => {
    expect(parse(["--help"])).toEqual({ help: true });
  });
});
