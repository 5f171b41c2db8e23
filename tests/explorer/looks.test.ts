// How the page looks and is used: dark, small, with the keyboard alone, by those who do not see it.
import { expect } from "vitest";
import { useExplorer } from "./support/deployment.js";
import { explorerTest, nodeOf, rowCount, rowOf, violations } from "./support/page.js";

useExplorer();

const background = "getComputedStyle(document.documentElement).backgroundColor";

explorerTest("light and dark", { prefix: ["users"], colorScheme: "dark" }, async (page) => {
  await rowOf(page, "u1001").first().waitFor();
  expect(await page.evaluate(background)).toBe("rgb(15, 18, 20)");
  await page.getByRole("button", { name: "Theme" }).click();
  await page.getByRole("menuitemradio", { name: "Light" }).click();
  await expect.poll(() => page.evaluate(background)).toBe("rgb(247, 248, 249)");
  await page.reload();
  await rowOf(page, "u1001").first().waitFor();
  expect(await page.evaluate(background)).toBe("rgb(247, 248, 249)");
});

for (const colorScheme of ["light", "dark"] as const) {
  explorerTest(
    `axe finds nothing wrong with the page (${colorScheme})`,
    { prefix: ["users"], entry: ["users", "u1001"], colorScheme },
    async (page) => {
      const value = page.getByRole("textbox", { name: "Value" });
      await value.getByText('"Lisbon"').waitFor();
      await nodeOf(page, "types").waitFor();
      expect(await violations(page)).toEqual([]);
      await page.getByRole("button", { name: "New" }).click();
      await page.getByRole("dialog", { name: "New entry" }).waitFor();
      expect(await violations(page)).toEqual([]);
    },
  );
}

explorerTest("the keyboard alone will do", {}, async (page) => {
  await nodeOf(page, "users").waitFor();
  // To the tree.
  await expect
    .poll(async () => {
      await page.keyboard.press("Tab");
      return await page.evaluate("document.activeElement?.closest('[role=treegrid]') !== null");
    })
    .toBe(true);
  await page.keyboard.press("End");
  await expect.poll(() => page.url()).toContain("users");
  await page.keyboard.press("ArrowRight");
  await nodeOf(page, "u1001").waitFor();
  // To the filter, and out of it.
  await page.keyboard.press("/");
  await page.keyboard.type("u1117");
  await expect.poll(() => rowCount(page)).toBe(2);
  await page.keyboard.press("Escape");
  await expect.poll(() => rowCount(page)).toBe(100);
  // To the table, and into an entry.
  await expect
    .poll(async () => {
      await page.keyboard.press("Tab");
      return await page.evaluate("document.activeElement?.closest('[role=grid]') !== null");
    })
    .toBe(true);
  await page.keyboard.press("ArrowDown");
  const detail = page.getByRole("region", { name: "Entry users" });
  await detail.waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => detail.count()).toBe(0);
});

explorerTest("380 pixels are enough", { viewport: { width: 380, height: 720 } }, async (page) => {
  await rowOf(page, /README/).waitFor();
  await page.getByRole("button", { name: "Keys", exact: true }).click();
  await nodeOf(page, "settings").click();
  await rowOf(page, /acme/).first().waitFor();
  await rowOf(page, /acme.*beta/).click();
  const detail = page.getByRole("region", { name: "Entry settings / acme / beta" });
  await detail.getByText("false").waitFor();
  expect(await violations(page)).toEqual([]);
  await detail.getByRole("button", { name: "Close the entry" }).click();
  const width = await page.evaluate("document.documentElement.scrollWidth");
  expect(width).toBe(380);
});
