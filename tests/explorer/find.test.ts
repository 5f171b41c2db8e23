// Ways to find keys: filters, and a key typed as a path.
import { expect } from "vitest";
import { useExplorer } from "./support/deployment.js";
import { explorerTest, nodeOf, rowOf, violations } from "./support/page.js";

useExplorer();

explorerTest("entries whose next part begins so", { prefix: ["users"] }, async (page) => {
  await rowOf(page, "u1001").first().waitFor();
  const field = page.getByRole("textbox", { name: "Begins with", exact: true });
  const keys = () => page.getByRole("rowheader").allTextContents();
  await field.fill("u1117");
  await expect.poll(keys).toEqual(["u1117", "u1117/preferences"]);
  await field.fill('"u1120"');
  await expect.poll(keys).toEqual(["u1120"]);
  // A number begins with nothing: it is what a string begins with.
  await field.fill("42");
  await page.getByText("No entries in this range").waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await rowOf(page, "u1001").first().waitFor();
});

explorerTest("bytes that begin so", { prefix: ["types", "of key parts"] }, async (page) => {
  await rowOf(page, "42n").waitFor();
  await page.getByRole("textbox", { name: "Begins with", exact: true }).fill('bytes("E1w=")');
  const keys = () => page.getByRole("rowheader").allTextContents();
  await expect.poll(keys).toEqual(["0x 13 5c a5 ee 37 80 c9 12"]);
});

explorerTest("keys of the tree that begin so", {}, async (page) => {
  await nodeOf(page, "users").waitFor();
  const names = () => page.locator(".tree-name").allTextContents();
  await page.getByRole("textbox", { name: "Keys that begin with" }).fill("se");
  await expect.poll(names).toEqual(["sessions", "settings"]);
  await page.getByRole("textbox", { name: "Keys that begin with" }).fill("none");
  await page.getByText("No key begins so").waitFor();
  await page.getByRole("button", { name: "Clear the filter of keys" }).click();
  await nodeOf(page, "users").click();
  // Below the one that is shown: it is opened.
  await page.getByRole("textbox", { name: "Below users, begins with" }).fill("u111");
  await nodeOf(page, "u1119").waitFor();
  expect(await nodeOf(page, "u1001").count()).toBe(0);
  expect(await nodeOf(page, "files").count()).toBe(1);
  await page.keyboard.press("Escape");
  await nodeOf(page, "u1001").waitFor();
});

explorerTest("a key typed as a path is gone to", {}, async (page) => {
  await nodeOf(page, "users").waitFor();
  const dialog = page.getByRole("dialog", { name: "Go to a key" });
  const field = dialog.getByRole("searchbox").or(dialog.getByRole("textbox"));
  const goTo = async (path: string) => {
    await page.keyboard.press("Control+k");
    await field.fill(path);
    await field.press("Enter");
  };
  await goTo('types/"of key parts"/42n');
  await page.getByRole("region", { name: "Entry types / of key parts / 42n" }).waitFor();
  await goTo('["settings", "acme"]');
  await expect.poll(() => page.url()).toContain("acme");
  await rowOf(page, "beta").waitFor();
  expect(await dialog.count()).toBe(0);

  await goTo("users//x");
  await dialog.getByText('A part is missing before this "/". The empty string is "".').waitFor();
  expect(await field.getAttribute("aria-invalid")).toBe("true");
  await field.fill("users/42");
  await expect.poll(() => field.getAttribute("aria-invalid")).not.toBe("true");
  await field.press("Enter");
  await dialog.getByText("There is no entry at users/42, and none below it.").waitFor();
  expect(await violations(page)).toEqual([]);

  // Completed step by step, with the keyboard.
  await field.fill("inv");
  await dialog.getByRole("option", { name: "invites" }).waitFor();
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect.poll(() => field.inputValue()).toBe("invites/");
  await dialog.getByRole("option", { name: "invites/inv_2" }).click();
  await page.getByRole("region", { name: "Entry invites / inv_2" }).waitFor();
  await expect.poll(() => dialog.count()).toBe(0);
});
