import type { JSONValue } from "convex/values";

// The messages of the clients' WebSocket, as convex/src/browser/sync/protocol.ts has them.

export type ClientMessage =
  | { type: "Connect"; sessionId: string }
  | { type: "Authenticate"; tokenType: "Admin" | "User"; value: string; baseVersion: number }
  | { type: "Authenticate"; tokenType: "None"; baseVersion: number }
  | {
      type: "ModifyQuerySet";
      baseVersion: number;
      newVersion: number;
      modifications: QueryModification[];
    }
  | ({ type: "Mutation" | "Action"; requestId: number } & FunctionCall)
  | { type: "Event" };

export interface FunctionCall {
  udfPath: string;
  args: JSONValue[];
  /** For admins: a component other than the app. */
  componentPath?: string;
}

export type AddedQuery = { type: "Add"; queryId: number } & FunctionCall;
export type QueryModification = AddedQuery | { type: "Remove"; queryId: number };

/** What a client has been told. */
export interface StateVersion {
  querySet: number;
  identity: number;
  /** Base64 of eight little-endian bytes. */
  ts: string;
}

export type StateModification =
  | { type: "QueryUpdated"; queryId: number; value: JSONValue; logLines: string[]; journal: null }
  | {
      type: "QueryFailed";
      queryId: number;
      errorMessage: string;
      errorData?: JSONValue;
      logLines: string[];
      journal: null;
    }
  | { type: "QueryRemoved"; queryId: number };

export type ServerMessage =
  | {
      type: "Transition";
      startVersion: StateVersion;
      endVersion: StateVersion;
      modifications: StateModification[];
    }
  | ({ type: "MutationResponse"; requestId: number } & Result & { ts?: string })
  | ({ type: "ActionResponse"; requestId: number } & Result)
  | { type: "AuthError"; error: string; baseVersion: number; authUpdateAttempted: boolean }
  | { type: "FatalError"; error: string }
  | { type: "Ping" };

type Result =
  | { success: true; result: JSONValue; logLines: string[] }
  | { success: false; result: string; errorData?: JSONValue; logLines: string[] };

export function encodeTs(ts: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(ts);
  return bytes.toString("base64");
}

/** A message that no client of Convex sends. */
export class ProtocolError extends Error {}

type Shapes = Record<string, Record<string, "string" | "number" | "object">>;

const messageShapes: Shapes = {
  Connect: {},
  Event: {},
  Authenticate: { tokenType: "string", baseVersion: "number" },
  ModifyQuerySet: { baseVersion: "number", newVersion: "number", modifications: "object" },
  Mutation: { requestId: "number", udfPath: "string", args: "object" },
  Action: { requestId: "number", udfPath: "string", args: "object" },
};

const modificationShapes: Shapes = {
  Add: { queryId: "number", udfPath: "string", args: "object" },
  Remove: { queryId: "number" },
};

/** Reads a message, or throws ProtocolError if it is none. */
export function parseMessage(text: string): ClientMessage {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    throw new ProtocolError("A message that is not JSON");
  }
  checkShape(message, messageShapes);
  const { modifications } = message as { modifications?: unknown };
  if (Array.isArray(modifications)) {
    for (const modification of modifications) checkShape(modification, modificationShapes);
  }
  return message as ClientMessage;
}

function checkShape(message: unknown, shapes: Shapes): void {
  const { type, ...fields } = (message ?? {}) as Record<string, unknown>;
  const shape = typeof type === "string" && Object.hasOwn(shapes, type) ? shapes[type] : undefined;
  if (!shape) throw new ProtocolError(`A message of an unknown type: ${JSON.stringify(type)}`);
  for (const [name, expected] of Object.entries(shape)) {
    const isRight =
      expected === "object" ? Array.isArray(fields[name]) : typeof fields[name] === expected;
    if (!isRight) throw new ProtocolError(`${type as string} without a proper "${name}"`);
  }
}
