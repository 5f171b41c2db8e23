// What makes the page fast, by counts: what is in the document, and what a click makes anew.
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { useExplorer } from "./support/deployment.js";
import { explorerTest, rowCount, rowOf } from "./support/page.js";

useExplorer();

explorerTest("only rows in sight are in the document", { prefix: ["users"] }, async (page) => {
  await rowOf(page, "u1001").first().waitFor();
  const rows = page.getByRole("grid", { name: "Entries" }).getByRole("row");
  expect(await rowCount(page)).toBe(100);
  expect(await rows.count()).toBeLessThan(50);
  // A screen reader hears which of them all it is, and the keyboard reaches the last.
  await rowOf(page, /^u1001$/).click();
  await page.keyboard.press("Control+End");
  const focused = "document.activeElement.closest('[role=row]')?.ariaRowIndex";
  await expect.poll(() => page.evaluate(focused)).toBe("101");
  expect(await rows.count()).toBeLessThan(50);
  const indexes = await rows.evaluateAll((all) => all.map((row) => Number(row.ariaRowIndex)));
  expect(indexes).toEqual([...indexes].sort((a, b) => a - b));
});

explorerTest("a click makes little anew", { prefix: ["users"] }, async (page) => {
  const detail = page.getByRole("region", { name: /^Entry users/ });
  await rowOf(page, /^u1002$/).click();
  await detail.getByText(".1@example.com").waitFor();
  await page.evaluate(COUNT);
  await rowOf(page, /^u1003$/).click();
  await detail.getByText(".2@example.com").waitFor();
  const made = (await page.evaluate("counts()")) as Counts;
  // In the table and the tree: what was selected, focused or under the pointer, and what is now.
  expect(made.rows).toBeGreaterThan(0);
  expect(made.rows).toBeLessThanOrEqual(6);
  expect(made.added).toBe(0);
  // Ids of rows are made with it: two for each of a hundred rows, if the collection is made anew.
  expect(made.stringified).toBeLessThan(100);
  expect(made.editors).toBe(0);
  // Closed and opened again, it has the editors of before, without a past.
  await detail.getByRole("button", { name: "Close the entry" }).click();
  await rowOf(page, /^u1004$/).click();
  await detail.getByText(".3@example.com").waitFor();
  expect(((await page.evaluate("counts()")) as Counts).editors).toBe(0);
  await undo(page);
  await detail.getByText(".3@example.com").waitFor();
  expect(await detail.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
});

async function undo(page: Page): Promise<void> {
  const editor = page.getByRole("textbox", { name: "Value" });
  await editor.click();
  await editor.press("Control+z");
}

interface Counts {
  /** Rows of the table and the tree in which anything has changed. */
  rows: number;
  /** Rows that were added or taken away. */
  added: number;
  stringified: number;
  /** Editors that were not there before. */
  editors: number;
}

const COUNT = `
  const rows = new Set();
  let added = 0;
  let stringified = 0;
  const { stringify } = JSON;
  JSON.stringify = (...args) => (stringified++, stringify(...args));
  const created = new Set();
  const { createElement } = document;
  document.createElement = function (...args) {
    const element = createElement.apply(this, args);
    created.add(element);
    return element;
  };
  const observer = new MutationObserver((records) => {
    for (const { target, type, addedNodes, removedNodes } of records) {
      const element = target.nodeType === Node.ELEMENT_NODE ? target : target.parentElement;
      const row = element?.closest("[role=grid] [role=row], [role=treegrid] [role=row]");
      if (row && !element.closest("time")) rows.add(row);
      for (const node of [...addedNodes, ...removedNodes]) {
        if (node.querySelector?.("[role=row]") || node.role === "row") added++;
      }
    }
  });
  observer.observe(document.body, {
    attributes: true, childList: true, characterData: true, subtree: true,
  });
  globalThis.counts = () => {
    const isNewEditor = (element) => element.matches(".cm-content") && created.has(element);
    const editors = [...document.querySelectorAll(".cm-content")].filter(isNewEditor).length;
    return { rows: rows.size, added, stringified, editors };
  };
  undefined;
`;
