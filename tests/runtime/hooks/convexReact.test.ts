import type { KeyPart } from "@hamzasaleemorg/convex-kv";
import { usePaginatedQuery } from "convex/react";
import { expect, test } from "vitest";
import { api } from "../app/convex/_generated/api.js";
import { useBackend } from "../support/backend.js";
import { Screen, type Hook } from "../support/screen.js";
import { ownPrefix } from "../support/store.js";

// The hook of convex/react, mounted. It does not pin its pages: it leaves that to a journal that
// the platform keeps of queries that paginate tables, and of no others. So it holds to less.

const backend = useBackend();

class List {
  readonly store: KeyPart[] = ownPrefix();
  readonly screen: Screen;

  constructor() {
    this.screen = new Screen(backend.url, usePaginatedQuery as unknown as Hook);
  }

  async show(): Promise<void> {
    const args = { store: this.store, documentsRead: 100 };
    await this.screen.show({ query: api.pages.chosen, args });
  }

  async change(written: number[], deleted: number[] = []): Promise<void> {
    const keys = (places: number[]) => places.map((place) => [place]);
    await this.screen.mutate(api.pages.change, {
      store: this.store,
      written: keys(written),
      deleted: keys(deleted),
    });
  }

  async choose(scan: { start?: number[]; reverse?: boolean }): Promise<void> {
    await this.screen.mutate(api.pages.choose, { store: this.store, scan });
  }

  /** The places of the entries that it shows at rest. */
  async shown(): Promise<number[]> {
    const { rows } = await this.screen.rest();
    return rows.map((row) => (JSON.parse(row) as [number])[0]);
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i);

async function listOf(count: number): Promise<List> {
  const list = new List();
  await list.change(upTo(count));
  await list.show();
  return list;
}

test("while nothing is written it shows all entries, each once, page by page", async () => {
  const list = await listOf(10);
  expect(await list.shown()).toEqual(upTo(3));
  await list.screen.loadMore();
  expect(await list.shown()).toEqual(upTo(7));
  await list.screen.loadMore();
  expect(await list.shown()).toEqual(upTo(10));
  expect(list.screen.latest.status).toBe("Exhausted");
});

test("its first page is the first entries of the table, whatever is written", async () => {
  const list = await listOf(2);
  expect(await list.shown()).toEqual([0, 1]);
  await list.change([0.5, 2, 3]);
  expect(await list.shown()).toEqual([0, 0.5, 1]);
  await list.change([], [0, 0.5]);
  expect(await list.shown()).toEqual([1, 2, 3]);
  expect(list.screen.latest.status).toBe("Exhausted");
});

test("it starts over when its cursors are good no more", async () => {
  const list = await listOf(10);
  await list.screen.rest();
  await list.screen.loadMore();
  expect(await list.shown()).toEqual(upTo(7));
  await list.choose({ reverse: true });
  expect(await list.shown()).toEqual([9, 8, 7]);
  await list.screen.loadMore();
  expect(await list.shown()).toEqual([9, 8, 7, 6, 5, 4, 3]);
  await list.choose({ start: [2] });
  expect(await list.shown()).toEqual([2, 3, 4]);
  expect(list.screen.statuses.InvalidCursor).toBeGreaterThan(1);
});

// What docs/api.md says that it cannot do.
test("with several pages, an entry that others push off a page is on none", async () => {
  const list = await listOf(10);
  await list.screen.rest();
  await list.screen.loadMore();
  await list.change([0.5]);
  expect(await list.shown()).toEqual([0, 0.5, 1, 3, 4, 5, 6]);
  await list.change([], [0, 0.5]);
  expect(await list.shown()).toEqual([1, 2, 3, 3, 4, 5, 6]);
});
