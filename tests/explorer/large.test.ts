// 3,000 entries: nothing waits for all of them.
import { expect } from "vitest";
import { callsSince } from "../../dev/backend/client.mjs";
import { api } from "../../example/convex/_generated/api.js";
import { deployment, useExplorer } from "./support/deployment.js";
import { client, explorerTest, nodeOf, rowOf, shown, violations } from "./support/page.js";

/** Entries below ["many"]: more than one call lists, and more than one transaction deletes. */
const MANY = 3_000;
const BATCH = 1_500;

useExplorer(async (client) => {
  for (let from = 0; from < MANY; from += BATCH) {
    await client.mutation(api.sample.loadMany, { prefix: ["many"], from, count: BATCH });
  }
  await client.mutation(api.sample.startCounting, { prefix: ["counted"] });
  for (const prefix of [["counted"], ["late"]]) {
    await client.mutation(api.sample.loadMany, { prefix, from: 0, count: BATCH });
  }
  await client.mutation(api.sample.startCounting, { prefix: ["late"] });
});

/** The calls of functions that look at a place. */
async function looks(after: number) {
  const since = (await callsSince(at(), after)) as Call[];
  return since.filter(({ name }) => /^explorer:(children|count|page)$/.test(name));
}

interface Call {
  id: number;
  name: string;
  usage: { documentsRead: number };
}

const at = () => ({ url: deployment().backend });

const lastCall = async () => ((await callsSince(at(), 0)) as Call[]).at(-1)!.id;

explorerTest("a level is loaded as it is opened, and paged", {}, async (page) => {
  const before = await lastCall();
  await nodeOf(page, "many").click();
  await rowOf(page, /^0\/0$/).waitFor();
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
  const since = await looks(before);
  expect(since.length).toBeGreaterThan(5);
  expect(Math.max(...since.map(({ usage }) => usage.documentsRead))).toBeLessThan(1500);
});

explorerTest("what the page asks at its opening is no more if there is more", {}, async (page) => {
  await nodeOf(page, "many").waitFor();
  const before = await lastCall();
  const asked: string[] = [];
  page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => asked.push(...queriesIn(String(payload)))),
  );
  await page.reload();
  await nodeOf(page, "many").getByText("100+").waitFor();
  await rowOf(page, /./).nth(10).waitFor();
  // A page of the tree and one of the table, and a count for each of the keys that are in sight.
  // What is asked again since something has expired, is the same.
  const names = [...new Set(asked)].map((query) => query.split(" ")[0]!);
  const times = (name: string) => names.filter((other) => other === name).length;
  expect([...new Set(names)].sort()).toEqual(["children", "count", "info", "now", "page"]);
  expect([times("children"), times("page"), times("info"), times("now")]).toEqual([1, 1, 1, 1]);
  // None of them reads all of the 3,000 entries, or goes on by another.
  const since = await looks(before);
  const most = Math.max(...since.map(({ usage }) => usage.documentsRead));
  expect(since.length).toBeGreaterThan(5);
  expect(most).toBeLessThan(1500);
});

/** What a message of the client's subscribes to: names of functions, and arguments but `asOf`. */
function queriesIn(message: string): string[] {
  const { modifications = [] } = JSON.parse(message) as {
    modifications?: { type: string; udfPath: string; args: object[] }[];
  };
  return modifications
    .filter(({ type }) => type === "Add")
    .map(({ udfPath, args }) => {
      const same = JSON.stringify({ ...args[0], asOf: undefined });
      return `${udfPath.replace("explorer:", "")} ${same}`;
    });
}

explorerTest("pages go forth and back", { prefix: ["many"] }, async (page) => {
  const next = page.getByRole("button", { name: "Next page" });
  const previous = page.getByRole("button", { name: "Previous page" });
  await page.getByText("1–100", { exact: true }).waitFor();
  await rowOf(page, /^0\/0$/).waitFor();
  expect(await previous.isDisabled()).toBe(true);
  await next.click();
  await rowOf(page, /^0\/100$/).waitFor();
  await page.getByText("101–200", { exact: true }).waitFor();
  await next.click();
  await rowOf(page, /^0\/200$/).waitFor();
  await previous.click();
  await rowOf(page, /^0\/100$/).waitFor();
  await page.getByRole("button", { name: "Count all" }).click();
  await page.getByText("of 3,000 entries").waitFor();
});

explorerTest("where a store is counted, numbers are exact at once", {}, async (page) => {
  await nodeOf(page, "many").getByText("100+").waitFor();
  const node = nodeOf(page, "counted");
  await node.getByText("1,500", { exact: true }).waitFor();
  await node.click();
  await page.getByText("of 1,500 entries").waitFor();
  expect(await page.getByRole("button", { name: "Count all" }).count()).toBe(0);
  // And live.
  const key = ["counted", "another"];
  await client.mutation(api.explorer.create, { key, value: 1 });
  await page.getByText("of 1,501 entries").waitFor();
  await node.getByText("1,501", { exact: true }).waitFor();
  await client.mutation(api.explorer.remove, { key });
  await page.getByText("of 1,500 entries").waitFor();
});

explorerTest("counting in the background is one of the jobs", {}, async (page) => {
  await page.getByRole("button", { name: "Jobs" }).click();
  const job = page.getByRole("listitem").filter({ hasText: "Count of late" });
  await job.getByText("done").waitFor();
  await job.getByText(/^[\d,]+ counted/).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press("Escape");
  await nodeOf(page, "late").getByText("1,500", { exact: true }).waitFor();
});

explorerTest(
  "all below a key is deleted, and shown on the way",
  { prefix: ["many"] },
  async (page) => {
    await rowOf(page, /^0\/0$/).waitFor();
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
