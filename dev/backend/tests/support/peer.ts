import { once } from "node:events";
import { onTestFinished } from "vitest";
import WebSocket from "ws";

export type Message = Record<string, unknown> & { type: string };

/** A client of the WebSocket that says what it is told to, fitting or not. */
export class Peer {
  readonly received: Message[] = [];
  private wake: () => void = () => {};

  private constructor(readonly socket: WebSocket) {
    socket.on("message", (data) => {
      this.received.push(JSON.parse((data as Buffer).toString()) as Message);
      this.wake();
    });
    socket.on("close", () => this.wake());
    socket.on("error", () => {});
  }

  /** @param url The backend's. */
  static async connect(url: string): Promise<Peer> {
    const socket = new WebSocket(`${url.replace("http", "ws")}/api/1.48.0/sync`);
    const peer = new Peer(socket);
    onTestFinished(() => socket.terminate());
    await once(socket, "open");
    return peer;
  }

  send(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  add(queryId: number, udfPath: string, args: object, baseVersion = queryId): void {
    const modifications = [{ type: "Add", queryId, udfPath, args: [args] }];
    this.send({ type: "ModifyQuerySet", baseVersion, newVersion: baseVersion + 1, modifications });
  }

  /** Waits for messages of a type: the first so many. */
  async hear(type: string, count = 1): Promise<Message[]> {
    for (;;) {
      const heard = this.received.filter((message) => message.type === type);
      if (heard.length >= count) return heard.slice(0, count);
      if (this.socket.readyState === WebSocket.CLOSED) {
        throw new Error(`Closed before it said ${type}: ${JSON.stringify(this.received)}`);
      }
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  /** Waits for the end. @returns The code that it was closed with. */
  async closed(): Promise<number> {
    if (this.socket.readyState === WebSocket.CLOSED) throw new Error("It was closed before");
    const [code] = (await once(this.socket, "close")) as [number];
    return code;
  }
}
