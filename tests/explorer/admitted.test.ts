// What the app lets the page do: nothing shows that would be refused.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { useExplorer } from "./support/deployment.js";
import { explorerTest, rowOf, violations } from "./support/page.js";

useExplorer();

const INFO = '{"components":["convexKv"],"readOnly":false}';

/** Opens the page anew, with another answer to what there is to look at. */
async function reloadWith(page: Page, info: { components: string[]; readOnly: boolean }) {
  let isReplaced = false;
  await page.routeWebSocket(/./, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => {
      const text = String(message);
      isReplaced ||= text.includes(INFO);
      socket.send(text.replace(INFO, JSON.stringify(info)));
    });
  });
  await page.reload();
  await expect.poll(() => isReplaced).toBe(true);
}

explorerTest(
  "read only, there is nothing that writes",
  { prefix: ["settings"], entry: ["settings", "acme", "seats"] },
  async (page) => {
    const detail = page.getByRole("region", { name: "Entry settings / acme / seats" });
    for (const name of ["New", "More"]) await page.getByRole("button", { name }).first().waitFor();
    for (const name of ["Delete", "Rename"]) await detail.getByRole("button", { name }).waitFor();
    await reloadWith(page, { components: ["convexKv"], readOnly: true });
    await page.getByText("Read only").waitFor();
    await detail.getByRole("textbox", { name: "Value" }).getByText("10").waitFor();
    const writing = ["New", "Delete", "Save", "Revert", "Set", "Change", "Clear", "Rename"];
    for (const name of writing) {
      expect(await page.getByRole("button", { name, exact: true }).count()).toBe(0);
    }
    await page.getByRole("button", { name: "More" }).click();
    expect(await page.getByRole("menuitem").allTextContents()).toEqual(["Export…"]);
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("menuitem").count()).toBe(0);
    const value = detail.getByRole("textbox", { name: "Value" });
    expect(await value.getAttribute("aria-readonly")).toBe("true");
    await value.press("x");
    expect(await value.textContent()).toBe("10");
    await detail.getByRole("button", { name: "Copy" }).waitFor();
    expect(await violations(page)).toEqual([]);
  },
);

explorerTest("another component is asked by its name", { prefix: ["settings"] }, async (page) => {
  await rowOf(page, /acme/).first().waitFor();
  expect(await page.getByRole("button", { name: /Component/ }).count()).toBe(0);
  await reloadWith(page, { components: ["convexKv", "otherKv"], readOnly: false });
  await page.getByRole("button", { name: /Component/ }).click();
  await page.getByRole("option", { name: "otherKv" }).click();
  await page.getByText('has no component "otherKv"').waitFor();
});
