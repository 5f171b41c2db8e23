import "./dom.js";
import { ConvexProvider, ConvexReactClient, type PaginatedQueryReference } from "convex/react";
import type { FunctionReference } from "convex/server";
import { act, createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { onTestFinished } from "vitest";
import WebSocket from "ws";
import { api } from "../app/convex/_generated/api.js";

export type Status = "LoadingFirstPage" | "LoadingMore" | "CanLoadMore" | "Exhausted";

/** usePaginatedQuery, whosever it is. */
export type Hook = (
  query: PaginatedQueryReference,
  args: Record<string, unknown>,
  options: { initialNumItems: number },
) => { results: unknown[]; status: Status; loadMore(numItems: number): void };

/** What React has rendered: rows as they stand in the document. */
export interface Frame {
  rows: string[];
  status: Status;
}

interface Shown {
  query: PaginatedQueryReference;
  args: Record<string, unknown>;
}

export const INITIAL_ITEMS = 3;
/** Items that the button asks for. */
const MORE = 4;
/** More round trips than anything here takes to come to rest. */
const MOST_ROUNDS = 100;

/** A list of rows in a document, which a paginated query's hook keeps up to date. */
export class Screen {
  /** All that was rendered, oldest first. */
  readonly frames: Frame[] = [];
  /** How often pages had each of these. */
  readonly statuses = { SplitRecommended: 0, SplitRequired: 0, InvalidCursor: 0 };
  private readonly client: ConvexReactClient;
  private readonly container = document.createElement("div");
  private readonly root = createRoot(this.container, {
    onUncaughtError: (error) => (this.failure = error),
  });
  private failure: unknown;

  constructor(
    url: string,
    private readonly hook: Hook,
  ) {
    const { statuses } = this;
    class Listening extends WebSocket {
      override emit(event: string, ...args: unknown[]): boolean {
        if (event !== "message") return super.emit(event, ...args);
        const text = (args[0] as Buffer).toString();
        for (const word of Object.keys(statuses) as (keyof typeof statuses)[]) {
          statuses[word] += text.split(`"${word}"`).length - 1;
        }
        return super.emit(event, Buffer.from(redacted(text)), args[1]);
      }
    }
    const webSocketConstructor = Listening as unknown as typeof globalThis.WebSocket;
    this.client = new ConvexReactClient(url, { webSocketConstructor, logger: false });
    onTestFinished(() => this.close());
  }

  get latest(): Frame {
    return this.frames.at(-1)!;
  }

  async show(shown: Shown): Promise<void> {
    const list = createElement(List, { ...shown, hook: this.hook, onFrame: this.onFrame });
    await acting(() =>
      this.root.render(createElement(ConvexProvider, { client: this.client }, list)),
    );
  }

  /** Presses the button that loads more. */
  async loadMore(): Promise<void> {
    const button = this.container.querySelector("button")!;
    await acting(() => button.click());
  }

  async mutate<M extends FunctionReference<"mutation">>(
    mutation: M,
    args: M["_args"],
  ): Promise<void> {
    await acting(() => this.client.mutation(mutation, args as never));
  }

  /**
   * Waits until nothing changes any more: neither is a page loading, nor does an answer change a
   * thing.
   */
  async rest(): Promise<Frame> {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const before = this.frames.length;
      await this.mutate(api.pages.beacon, {});
      if (this.failure) throw this.failure;
      const isLoading = this.latest.status.startsWith("Loading");
      if (this.frames.length === before && !isLoading) return this.latest;
    }
    throw new Error(`It does not come to rest: ${JSON.stringify(this.frames.slice(-3))}`);
  }

  async close(): Promise<void> {
    await acting(() => this.root.unmount());
    await this.client.close();
  }

  private readonly onFrame = (status: Status) => {
    const rows = [...this.container.querySelectorAll("li")].map((row) => row.textContent);
    this.frames.push({ rows, status });
  };
}

interface ListProps extends Shown {
  hook: Hook;
  onFrame(status: Status): void;
}

function List({ query, args, hook: usePaginatedQuery, onFrame }: ListProps) {
  const { results, status, loadMore } = usePaginatedQuery(query, args, {
    initialNumItems: INITIAL_ITEMS,
  });
  useEffect(() => onFrame(status));
  const rows = (results as { value: string }[]).map(({ value }, i) =>
    createElement("li", { key: i }, value),
  );
  const button = createElement("button", { onClick: () => loadMore(MORE) }, "More");
  return createElement("div", {}, createElement("ul", {}, rows), button);
}

/** What a production deployment sends of it: errors without their messages. Their data stays. */
function redacted(text: string): string {
  const message = JSON.parse(text) as { modifications?: { errorMessage?: string }[] };
  for (const modification of message.modifications ?? []) {
    if (modification.errorMessage !== undefined) modification.errorMessage = "Server Error";
  }
  return JSON.stringify(message);
}

/** Does something, and lets React finish what comes of it. */
async function acting(work: () => unknown): Promise<void> {
  const environment = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
  environment.IS_REACT_ACT_ENVIRONMENT = true;
  try {
    await act(async () => {
      await work();
    });
  } finally {
    environment.IS_REACT_ACT_ENVIRONMENT = false;
  }
}
