// 3,000 entries: nothing waits for all of them.
import { expect, inject } from "vitest";
import { explorerTest, nodeOf, rowOf, shown } from "./support/page.js";

/** The calls of functions, as the development backend tells. */
async function calls() {
  const response = await fetch(`${inject("backend")}/dev/calls`);
  return (await response.json()) as {
    id: number;
    name: string;
    usage: { documentsRead: number };
  }[];
}

explorerTest("a level is loaded as it is opened, and paged", {}, async (page) => {
  const before = (await calls()).at(-1)!.id;
  await nodeOf(page, "many").click();
  await rowOf(page, "0/0").waitFor();
  await page.keyboard.press("ArrowRight");
  await nodeOf(page, "1").click();
  await page.keyboard.press("ArrowRight");
  await nodeOf(page, "4").first().waitFor();
  // Only what is in sight is on the page.
  const tree = page.getByRole("treegrid", { name: "Keys" });
  expect(await tree.getByRole("row").count()).toBeLessThan(80);
  // Going down loads more of the 1,000.
  await expect
    .poll(async () => {
      await tree.evaluate((element) => (element.scrollTop = element.scrollHeight));
      const names = await tree.locator(".tree-name").allTextContents();
      return Math.max(...names.map(Number).filter(Number.isFinite));
    })
    .toBeGreaterThan(600);
  // Nor was more than a page read at once, by anyone.
  const since = (await calls()).filter(({ id, name }) => id > before && /^explorer:/.test(name));
  expect(since.length).toBeGreaterThan(5);
  expect(Math.max(...since.map(({ usage }) => usage.documentsRead))).toBeLessThan(1500);
});

explorerTest("pages go forth and back", { prefix: ["many"] }, async (page) => {
  const next = page.getByRole("button", { name: "Next page" });
  const previous = page.getByRole("button", { name: "Previous page" });
  await rowOf(page, "0/99").waitFor();
  expect(await previous.isDisabled()).toBe(true);
  await next.click();
  await rowOf(page, "0/199").waitFor();
  await page.getByText("101–200").waitFor();
  await next.click();
  await rowOf(page, "0/200").waitFor();
  await previous.click();
  await rowOf(page, "0/100").waitFor();
  await page.getByRole("button", { name: "Count all" }).click();
  await page.getByText("of 3,000 entries").waitFor();
});

explorerTest(
  "all below a key is deleted, and shown on the way",
  { prefix: ["many"] },
  async (page) => {
    await rowOf(page, "0/0").waitFor();
    await page.getByRole("button", { name: "More" }).click();
    await page.getByRole("menuitem", { name: "Delete all below this key…" }).click();
    const dialog = page.getByRole("alertdialog");
    await dialog.getByRole("button", { name: "Delete 3,000 entries" }).click();
    await shown(page, "progressbar", /^Deleting in the background\d,\d{3} of 3,000$/);
    await dialog.getByText("3,000 of 3,000").waitFor();
    await dialog.getByRole("button", { name: "Done" }).click();
    await page.getByText("Nothing here").waitFor();
    await expect.poll(() => nodeOf(page, "many").count()).toBe(0);
  },
);
