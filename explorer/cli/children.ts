import type { Child, KeyPart, Selector } from "@hamzasaleemorg/convex-kv";
import type { Session } from "./session.js";

/** The key parts right behind a prefix, a page at a time. */
export async function* childrenOf(
  { ctx, store }: Session,
  prefix: KeyPart[],
  selector: Selector = {},
): AsyncGenerator<Child[], void, void> {
  let cursor: string | undefined;
  do {
    const page = await store.children(ctx, prefix, { ...selector, cursor });
    yield page.children;
    cursor = page.isDone ? undefined : page.continueCursor;
  } while (cursor !== undefined);
}
