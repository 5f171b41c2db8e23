import { once } from "node:events";
import { connect } from "node:net";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference, type FunctionReference } from "convex/server";
import { afterEach, describe, expect, test } from "vitest";
import WebSocket from "ws";
import { useBackend } from "../../testing/backend.js";
import { fixture } from "../support/fixture.js";
import { type Message, Peer } from "../support/peer.js";

// Messages that no client of Convex's sends, and clients that go away or do not listen: each loses
// its own connection, if any, and the others go on.

const backend = useBackend({ app: () => fixture("plain") });

afterEach(async () => {
  const other = await Peer.connect(backend.url);
  other.add(0, "rows:hello", {});
  const [transition] = await other.hear("Transition");
  expect(transition).toMatchObject({ modifications: [{ type: "QueryUpdated", value: "hello" }] });
  other.socket.close();
});

const remove = (queryId: number, baseVersion: number) => ({
  type: "ModifyQuerySet",
  baseVersion,
  newVersion: baseVersion + 1,
  modifications: [{ type: "Remove", queryId }],
});
const set = (modifications: unknown) => ({
  type: "ModifyQuerySet",
  baseVersion: 0,
  newVersion: 1,
  modifications,
});
const hello = { type: "Add", queryId: 0, udfPath: "rows:hello", args: [{}] };

describe("a message that ends the connection", () => {
  test.each<[string, unknown, RegExp]>([
    ["no JSON", "{", /not JSON/],
    ["nothing", "", /not JSON/],
    ["null", "null", /unknown type/],
    ["a list", "[]", /unknown type/],
    ["an unknown type", { type: "Nothing" }, /unknown type: "Nothing"/],
    ["a type like an object's own", { type: "constructor" }, /unknown type/],
    ["a part as a message", hello, /unknown type: "Add"/],
    ["a set of queries that is none", set({}), /proper "modifications"/],
    ["a modification that is none", set([7]), /unknown type/],
    ["a message as a modification", set([{ type: "Connect" }]), /unknown type/],
    ["another base version", { ...set([hello]), baseVersion: 3, newVersion: 4 }, /Base version 3/],
    ["a version that does not follow", { ...set([hello]), newVersion: 0 }, /does not follow/],
    ["one id twice", set([hello, hello]), /Duplicate query ID: 0/],
    ["a query that is not there", remove(5, 0), /Nonexistent query id: 5/],
    ["a mutation without a name", { type: "Mutation", requestId: 1, args: [{}] }, /"udfPath"/],
    ["a mutation without arguments", { type: "Mutation", requestId: 1, udfPath: "a" }, /"args"/],
    [
      "an identity after another one",
      { type: "Authenticate", tokenType: "None", baseVersion: 9 },
      /Base version 9/,
    ],
  ])("%s", async (_, message, error) => {
    const peer = await Peer.connect(backend.url);
    const closed = peer.closed();
    peer.send(message);
    expect(await peer.hear("FatalError")).toMatchObject([{ error: expect.stringMatching(error) }]);
    expect(await closed).toBe(1008);
  });

  test("one id twice, in two messages", async () => {
    const peer = await Peer.connect(backend.url);
    peer.add(0, "rows:hello", {}, 0);
    peer.add(0, "rows:hello", {}, 1);
    expect(await peer.hear("FatalError")).toMatchObject([{ error: "Duplicate query ID: 0" }]);
  });

  test("one over the limit", async () => {
    const peer = await Peer.connect(backend.url);
    const closed = peer.closed();
    peer.socket.send(new Uint8Array((20 << 20) + 1));
    expect(await closed).toBe(1009);
  });
});

describe("what a client is told, and stays", () => {
  test("a user's token is not known", async () => {
    const peer = await Peer.connect(backend.url);
    peer.send({ type: "Authenticate", tokenType: "User", value: "token", baseVersion: 0 });
    expect(await peer.hear("AuthError")).toMatchObject([{ authUpdateAttempted: true }]);
    peer.add(0, "rows:hello", {});
    await peer.hear("Transition");
  });

  test("a wrong admin key opens nothing, and the right one components", async () => {
    const peer = await Peer.connect(backend.url);
    const ask = (requestId: number) =>
      peer.send({
        type: "Action",
        requestId,
        udfPath: "words:hello",
        componentPath: "inner",
        args: [{}],
      });
    const key = (value: string) =>
      peer.send({ type: "Authenticate", tokenType: "Admin", value, baseVersion: 0 });
    key("wrong");
    await peer.hear("AuthError");
    ask(1);
    const [refused] = await peer.hear("ActionResponse");
    expect(refused).toMatchObject({ success: false, result: /Only an admin/ });
    key(backend.adminKey);
    ask(2);
    const [, found] = await peer.hear("ActionResponse", 2);
    expect(found).toMatchObject({ result: expect.stringContaining("defined as Query") });
  });

  test.each([
    ["unknown", "rows:nothing", {}, /find public function/],
    ["another type", "rows:add", { client: 1 }, /defined as Mutation/],
    ["wrong arguments", "rows:list", { client: "1" }, /ArgumentValidationError/],
    ["internal", "rows:hidden", {}, /find public function/],
  ])("a query that fails: %s", async (_, name, args, message) => {
    const peer = await Peer.connect(backend.url);
    peer.add(0, name, args);
    const [transition] = await peer.hear("Transition");
    expect(transition!.modifications).toMatchObject([
      { type: "QueryFailed", errorMessage: expect.stringMatching(message) },
    ]);
  });

  test("a mutation that fails, between others", async () => {
    const peer = await Peer.connect(backend.url);
    const append = (requestId: number, n: unknown) =>
      peer.send({ type: "Mutation", requestId, udfPath: "rows:append", args: [{ client: 50, n }] });
    append(1, 1);
    append(2, "two");
    append(3, 3);
    const responses = await peer.hear("MutationResponse", 3);
    expect(responses).toMatchObject([
      { requestId: 1, success: true },
      { requestId: 2, success: false },
      { requestId: 3, success: true },
    ]);
    expect(await backend.http.query(list, { client: 50 })).toEqual([1, 3]);
  });
});

describe("clients that go or do not listen", () => {
  test("one that goes while its query runs", async () => {
    const peer = await Peer.connect(backend.url);
    const message = JSON.stringify(set([{ ...hello, udfPath: "rows:slow" }]));
    const calls = await backend.callsDuring(async () => {
      await new Promise<void>((resolve) => peer.socket.send(message, () => resolve()));
      peer.socket.terminate();
      // Queued behind it.
      await backend.http.query(list, { client: 0 });
    });
    expect(calls.map(({ name }) => name)).toContain("rows:list");
  });

  test("one that goes while its mutation runs: it is done all the same", async () => {
    const peer = await Peer.connect(backend.url);
    const append = { udfPath: "rows:append", args: [{ client: 51, n: 1 }] };
    const message = JSON.stringify({ type: "Mutation", requestId: 1, ...append });
    await new Promise<void>((resolve) => peer.socket.send(message, () => resolve()));
    peer.socket.close();
    await expect.poll(() => backend.http.query(list, { client: 51 })).toEqual([1]);
  });

  test("thousands of messages are answered, in their order", async () => {
    const peer = await Peer.connect(backend.url);
    for (let i = 0; i < 5_000; i++) peer.send({ type: "Event" });
    for (let i = 0; i < 500; i++) {
      peer.send({
        type: "ModifyQuerySet",
        baseVersion: i,
        newVersion: i + 1,
        modifications: [i % 2 === 0 ? { ...hello, queryId: 0 } : { type: "Remove", queryId: 0 }],
      });
    }
    peer.add(1, "rows:hello", {}, 500);
    await expect
      .poll(() => peer.received.at(-1))
      .toMatchObject({ type: "Transition", endVersion: { querySet: 501 } });
  });

  test("one that never reads", async () => {
    const deaf = await Peer.connect(backend.url);
    deaf.socket.pause();
    deaf.add(0, "rows:list", { client: 52 });
    for (let n = 0; n < 20; n++) await backend.http.mutation(append, { client: 52, n });
    const text = JSON.stringify({ type: "Mutation", requestId: 1, udfPath: "no", args: ["x"] });
    for (let i = 0; i < 1_000; i++) deaf.socket.send(text);
    expect(await backend.http.query(list, { client: 52 })).toHaveLength(20);
  });

  test.each(["/", "/sync", "/api/sync", "/api/1.48.0/sync/more", "/api/a/b/sync"])(
    "a socket at %s is refused",
    async (path) => {
      const socket = new WebSocket(backend.url.replace("http", "ws") + path);
      const [error] = (await once(socket, "error")) as [Error];
      expect(error.message).toMatch(/socket hang up|Unexpected server response/);
    },
  );

  test("bytes that are no WebSocket's", async () => {
    const { port } = new URL(backend.url);
    const socket = connect(Number(port), "127.0.0.1");
    socket.on("error", () => {});
    const lines = ["GET /api/1/sync HTTP/1.1", "Host: x", "Connection: Upgrade"];
    const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";
    const upgrade = [...lines, "Upgrade: websocket", key, "Sec-WebSocket-Version: 13", "", ""];
    socket.write(upgrade.join("\r\n"));
    await once(socket, "data");
    socket.write(Buffer.alloc(100, 0xff));
    await once(socket, "close");
  });
});

describe("many at once", () => {
  test("twenty clients write, and nothing is lost", async () => {
    const clients = Array.from(
      { length: 20 },
      () => new ConvexHttpClient(backend.url, { logger: false }),
    );
    const rounds = 4;
    const given = await Promise.all(
      clients.flatMap((client) =>
        Array.from({ length: rounds }, () =>
          client.mutation(add, { client: 60 }, { skipQueue: true }),
        ),
      ),
    );
    const all = Array.from({ length: clients.length * rounds }, (_, n) => n);
    expect(given.sort((a, b) => a - b)).toEqual(all);
    expect(await backend.http.query(list, { client: 60 })).toEqual(all);
  });

  test("one client's mutations keep their order", async () => {
    const numbers = Array.from({ length: 20 }, (_, n) => n);
    const peers = await Promise.all([61, 62, 63].map(async () => await Peer.connect(backend.url)));
    for (const n of numbers) {
      for (const [i, peer] of peers.entries()) {
        const args = [{ client: 61 + i, n }];
        peer.send({ type: "Mutation", requestId: n, udfPath: "rows:append", args });
      }
    }
    for (const [i, peer] of peers.entries()) {
      const responses = await peer.hear("MutationResponse", numbers.length);
      expect(responses.map(({ requestId }) => requestId)).toEqual(numbers);
      expect(await backend.http.query(list, { client: 61 + i })).toEqual(numbers);
    }
  });
});

test("what is told is told in time: nothing of a mutation before its response, all of it then", async () => {
  const peer = await Peer.connect(backend.url);
  const other = await Peer.connect(backend.url);
  const numbers = Array.from({ length: 40 }, (_, n) => n);
  for (const id of [0, 1, 2, 3, 4, 5]) peer.add(id, "rows:list", { client: 64 + (id % 2) });
  await peer.hear("Transition");
  const append = (one: Peer, client: number, n: number) => {
    const args = [{ client, n }];
    one.send({ type: "Mutation", requestId: n, udfPath: "rows:append", args });
  };
  for (const n of numbers) {
    append(peer, 64, n);
    append(other, 65, n);
  }
  await peer.hear("MutationResponse", numbers.length);
  const timeOf = ({ ts, endVersion }: Message) =>
    Buffer.from((ts ?? (endVersion as Message).ts) as string, "base64").readBigUInt64LE();
  let listed: number[] = [];
  let transitions = 0;
  for (const [i, transition] of peer.received.entries()) {
    if (transition.type !== "Transition") continue;
    transitions++;
    const news = transition.modifications as { queryId: number; value: number[] }[];
    listed = news.find(({ queryId }) => queryId === 0)?.value ?? listed;
    const responses = peer.received.filter(({ type }) => type === "MutationResponse");
    const done = responses.filter((response) => timeOf(response) <= timeOf(transition));
    expect(listed).toEqual(done.map(({ requestId }) => requestId));
    expect(done.every((response) => peer.received.indexOf(response) < i)).toBe(true);
  }
  expect(transitions).toBeGreaterThan(1);
});

type Client = { client: number };
const list: FunctionReference<"query", "public", Client, number[]> =
  makeFunctionReference("rows:list");
const add: FunctionReference<"mutation", "public", Client, number> =
  makeFunctionReference("rows:add");
const append: FunctionReference<"mutation", "public", Client & { n: number }, null> =
  makeFunctionReference("rows:append");
