import type {
  EntryInfo,
  Key,
  KvClient,
  ListOptions,
  Page,
  RunQuery,
} from "@hamzasaleemorg/convex-kv";

type Read = <T>(body: (ctx: RunQuery) => Promise<T>) => Promise<T>;
type Reader = { read: Read; kv: KvClient };

/** All pages of a prefix, each in a separate query. */
export async function allPages(
  { read, kv }: Reader,
  prefix: Key,
  options: Pick<ListOptions, "limit" | "includeValues"> = {},
): Promise<Page<EntryInfo>[]> {
  const root = kv.use<unknown>([]);
  const pages: Page<EntryInfo>[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<EntryInfo> = await read((ctx) =>
      root.list(ctx, prefix, { ...options, cursor }),
    );
    pages.push(page);
    cursor = page.isDone ? null : page.continueCursor;
  } while (cursor !== null);
  return pages;
}

/** The last part of each entry's key. */
export function namesOf(entries: readonly EntryInfo[]) {
  return entries.map(({ key }) => key.at(-1));
}
