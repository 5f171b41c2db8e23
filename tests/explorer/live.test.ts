// What changes elsewhere, and what time does, shows without a reload.
import { expect } from "vitest";
import { api } from "../../example/convex/_generated/api.js";
import { useExplorer } from "./support/deployment.js";
import { explorerTest, nodeOf, client, rowOf, shown, type } from "./support/page.js";

useExplorer();

explorerTest("another client's writes appear", { prefix: ["live"] }, async (page) => {
  await page.getByText("Nothing here").waitFor();
  await client.mutation(api.explorer.create, { key: ["live", "a"], value: "first" });
  await rowOf(page, "a").getByText('"first"').waitFor();
  const marked = rowOf(page, "a").locator(".cell-value [data-changed]");
  expect(await marked.count()).toBe(0);
  await nodeOf(page, "live").waitFor();
  const entry = await client.query(api.explorer.entry, { key: ["live", "a"] });
  await client.mutation(api.explorer.save, {
    ...{ key: ["live", "a"], version: entry!.version, value: "second" },
  });
  await rowOf(page, "a").getByText('"second"').waitFor();
  // What was written anew is marked, for a moment.
  await expect.poll(() => marked.count()).toBe(1);
  expect(await marked.evaluate((element) => getComputedStyle(element).animationName)).toBe(
    "changed",
  );
  await client.mutation(api.explorer.remove, { key: ["live", "a"] });
  await page.getByText("Nothing here").waitFor();
  await expect.poll(() => nodeOf(page, "live").count()).toBe(0);
});

explorerTest(
  "an edit does not go over what somebody else has written meanwhile",
  { prefix: ["live"], entry: ["live", "both"] },
  async (page) => {
    const key = ["live", "both"];
    await client.mutation(api.explorer.create, { key, value: "theirs" });
    await page.getByRole("textbox", { name: "Value" }).getByText("theirs").waitFor();
    await type(page, "Value", '"mine"');
    const { version } = (await client.query(api.explorer.entry, { key }))!;
    await client.mutation(api.explorer.save, { key, version, value: "theirs again" });
    await page.getByText("changed elsewhere while you edited it").waitFor();
    expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByRole("button", { name: "Save" }).click();
    await shown(page, "toast", /^Saved$/);
    expect((await client.query(api.explorer.entry, { key }))?.value).toBe("mine");
  },
);

explorerTest(
  "an expiry counts down to the entry's disappearance",
  { prefix: ["brief"], entry: ["brief", "one"] },
  async (page) => {
    await client.mutation(api.explorer.create, { key: ["brief", "one"], value: 1 });
    const detail = page.getByRole("region", { name: "Entry brief / one" });
    await detail.getByText("never").waitFor();
    await detail.getByRole("button", { name: "Set" }).click();
    const amount = page.getByRole("textbox", { name: "Expires in" });
    await amount.fill("nothing");
    await amount.press("Enter");
    await page.getByText("A number greater than 0.").waitFor();
    await amount.fill("50"); // minutes
    await amount.press("Enter");
    const left = rowOf(page, "one").locator("time.time-left");
    const seen: string[] = [];
    await expect
      .poll(async () => {
        seen.push(...(await left.allTextContents()));
        return new Set(seen).size;
      })
      .toBeGreaterThan(2);
    expect(seen).toEqual([...seen].sort().reverse());
    await detail.getByRole("button", { name: "Change" }).click();
    await amount.fill("0.02");
    await amount.press("Enter");
    await page.getByText("There is no such entry").waitFor();
    await page.getByText("Nothing here").waitFor();
    await expect.poll(() => nodeOf(page, "brief").count()).toBe(0);
  },
);

explorerTest(
  "an expiry is cleared",
  { prefix: ["brief"], entry: ["brief", "kept"] },
  async (page) => {
    await client.mutation(api.explorer.create, { key: ["brief", "kept"], value: 1, ttl: 600_000 });
    const detail = page.getByRole("region", { name: "Entry brief / kept" });
    await detail.getByText(/^\d:\d\d$/).waitFor();
    await detail.getByRole("button", { name: "Clear" }).click();
    await detail.getByText("never").waitFor();
    const entry = await client.query(api.explorer.entry, { key: ["brief", "kept"] });
    expect(entry?.expiresAt).toBeUndefined();
  },
);

explorerTest("a browser's clock may be wrong", {}, async (page) => {
  const key = ["clock", "slow"];
  await client.mutation(api.explorer.create, { key, value: 1, ttl: 600_000 });
  await page.addInitScript(() => {
    const { now } = Date;
    Date.now = () => now.call(Date) - 3_600_000;
  });
  await page.reload();
  await nodeOf(page, "clock").click();
  const left = rowOf(page, "slow").locator("time.time-left");
  // It would be an hour more.
  await left.getByText(/^\d:\d\d$/).waitFor();
  await client.mutation(api.explorer.remove, { key });
});
