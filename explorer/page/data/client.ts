import type { Access } from "@hamzasaleemorg/convex-kv/explorer";
import { ConvexReactClient, type Watch } from "convex/react";

/* eslint-disable @typescript-eslint/no-explicit-any -- each reference has types of its own */

type CallOf<Method extends "watchQuery" | "mutation"> = [
  reference: Parameters<ConvexReactClient[Method]>[0],
  args?: any,
  options?: any,
];

/**
 * A client that adds the key and the component to the arguments of all calls: to those of
 * `useQueries`, `useMutation` and the like as well, which call these two methods.
 */
export class ExplorerClient extends ConvexReactClient {
  private access: Access = {};

  get secret(): string | undefined {
    return this.access.secret;
  }

  /** What calls pass from now on. Queries that are subscribed to stay as they are. */
  pass(secret: string | undefined, component?: string): void {
    this.access = {
      ...(secret !== undefined && { secret }),
      ...(component !== undefined && { component }),
    };
  }

  override watchQuery(...[query, args, options]: CallOf<"watchQuery">): Watch<any> {
    return super.watchQuery(query, { ...args, ...this.access }, options);
  }

  override mutation(...[mutation, args, options]: CallOf<"mutation">): Promise<any> {
    return super.mutation(mutation, { ...args, ...this.access }, options);
  }
}
