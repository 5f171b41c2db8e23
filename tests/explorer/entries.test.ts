// Entries in the page: looked at, written, edited, deleted.
import { expect } from "vitest";
import { api } from "../../example/convex/_generated/api.js";
import { useExplorer } from "./support/deployment.js";
import { explorerTest, client, rowOf, shown, type } from "./support/page.js";

useExplorer();

explorerTest(
  "an entry is shown whole, with its typed key",
  { prefix: ["types", "of key parts"] },
  async (page) => {
    await rowOf(page, "42n").click();
    const detail = page.getByRole("region", { name: "Entry types / of key parts / 42n" });
    await detail.getByText('"a typed key part"').waitFor();
    await detail.getByRole("button", { name: "Copy" }).click();
    await page.getByRole("menuitem", { name: "Copy the key as code" }).click();
    await shown(page, "toast", /^Copied/);
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe('["types", "of key parts", 42n]');
    for (const name of ["null", "-7n", "-0.5", "true", "text", '""', /0x 13 5c a5/]) {
      await rowOf(page, name).first().waitFor();
    }
  },
);

explorerTest("an edit is saved, with its types", { entry: ["tests", "edited"] }, async (page) => {
  await page.getByText("There is no such entry").waitFor();
  await client.mutation(api.explorer.create, {
    ...{ key: ["tests", "edited"], value: { n: 1n }, metadata: "kept", ttl: 3_600_000 },
  });
  await page.getByText('"kept"').waitFor();
  const save = page.getByRole("button", { name: "Save" });
  expect(await save.isDisabled()).toBe(true);
  await type(page, "Value", '{ n: 9007199254740993n, b: bytes("AQID"), zero: -0 }');
  await save.click();
  await shown(page, "toast", /^Saved$/);
  const entry = await client.query(api.explorer.entry, { key: ["tests", "edited"] });
  expect(entry?.value).toEqual({
    n: 9007199254740993n,
    b: new Uint8Array([1, 2, 3]).buffer,
    zero: -0,
  });
  expect(entry?.metadata).toBe("kept");
  expect(entry?.expiresAt).toBeGreaterThan(Date.now());
});

explorerTest(
  "what is no value, or does not fit the app's validator, is told where it is",
  { prefix: ["invites"], entry: ["invites", "inv_2"] },
  async (page) => {
    const detail = page.getByRole("region", { name: "Entry invites / inv_2" });
    const value = detail.getByRole("textbox", { name: "Value" });
    await detail.getByText('"guest2@example.com"').waitFor();
    await type(page, "Value", '{ "org": }');
    await detail.getByRole("button", { name: "Save" }).click();
    await detail.getByRole("alert").getByText("Unexpected token").waitFor();
    expect(await value.getAttribute("aria-invalid")).toBe("true");
    await type(page, "Value", '{ org: "acme", email: "x@example.com", role: "owner" }');
    await detail.getByRole("button", { name: "Save" }).click();
    await detail.getByRole("alert").getByText("role").waitFor();
    const entry = await client.query(api.explorer.entry, { key: ["invites", "inv_2"] });
    expect(entry?.value).toMatchObject({ role: "member" });
    await detail.getByRole("button", { name: "Revert" }).click();
    await expect.poll(() => detail.getByRole("alert").count()).toBe(0);
    expect(await value.textContent()).toContain("guest2@example.com");
  },
);

explorerTest("a new entry has a key of typed parts", { prefix: ["tests"] }, async (page) => {
  await page.getByRole("button", { name: "New" }).click();
  const dialog = page.getByRole("dialog", { name: "New entry" });
  await dialog.getByRole("button", { name: /Type of part 2/ }).click();
  await page.getByRole("option", { name: "int64" }).click();
  await dialog.getByRole("textbox", { name: "Part 2" }).fill("many");
  await type(page, "Value", "[1, 2]");
  await dialog.getByRole("button", { name: "Write" }).click();
  await dialog.getByText("A whole number of 64 bits, such as 42.").waitFor();
  await dialog.getByRole("textbox", { name: "Part 2" }).fill("12");
  await dialog.getByRole("textbox", { name: "Expires in" }).fill("soon");
  await dialog.getByRole("button", { name: "Write" }).click();
  await dialog.getByText("A number greater than 0").waitFor();
  await dialog.getByRole("textbox", { name: "Expires in" }).fill("30");
  await dialog.getByRole("button", { name: "Write" }).click();
  await page.getByRole("region", { name: "Entry tests / 12n" }).waitFor();
  const entry = await client.query(api.explorer.entry, { key: ["tests", 12n] });
  expect(entry?.value).toEqual([1, 2]);
  expect(entry!.expiresAt! - Date.now()).toBeGreaterThan(10 * 60_000);

  // Again: what is there stays.
  await page.getByRole("button", { name: "New" }).click();
  await dialog.getByRole("button", { name: /Type of part 2/ }).click();
  await page.getByRole("option", { name: "int64" }).click();
  await dialog.getByRole("textbox", { name: "Part 2" }).fill("12");
  await dialog.getByRole("button", { name: "Write" }).click();
  await dialog.getByText("There is an entry at this key already.").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => dialog.count()).toBe(0);
});

explorerTest("an entry is deleted", { prefix: ["files", "img"] }, async (page) => {
  await rowOf(page, "logo.png").click();
  await page.getByRole("button", { name: "Delete", exact: true }).click();
  await shown(page, "toast", /^Entry deleted$/);
  await expect.poll(() => rowOf(page, "logo.png").count()).toBe(0);
  expect(await client.query(api.explorer.entry, { key: ["files", "img", "logo.png"] })).toBeNull();
});

explorerTest("the range, its direction and keys only", { prefix: ["users"] }, async (page) => {
  await rowOf(page, "u1001").first().waitFor();
  await page.getByRole("button", { name: "Range" }).click();
  await page.getByRole("textbox", { name: "From, inclusive" }).fill("u1003");
  await page.getByRole("textbox", { name: "To, exclusive" }).fill("u1006");
  const keys = () => page.getByRole("rowheader").allTextContents();
  await expect.poll(keys).toEqual(["u1003", "u1004", "u1005", "u1005/preferences"]);
  await page.getByRole("button", { name: "Reverse" }).click();
  await expect.poll(keys).toEqual(["u1005/preferences", "u1005", "u1004", "u1003"]);
  await page.getByRole("button", { name: "Keys only" }).click();
  await expect.poll(() => page.getByRole("columnheader", { name: "Value" }).count()).toBe(0);
  await page.getByRole("textbox", { name: "From, inclusive" }).fill("x");
  await page.getByText("No entries in this range").waitFor();
  await page.getByRole("button", { name: "Clear the filter" }).click();
  await rowOf(page, "u1120").first().waitFor();
});
