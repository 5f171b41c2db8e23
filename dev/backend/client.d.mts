import type { ChildProcess } from "node:child_process";
import type { CallRecord } from "./engine/calls.js";
import type { Usage } from "./engine/usage.js";

export class BackendFailure extends Error {}

export interface BackendProcess {
  url: string;
  adminKey: string;
  process: ChildProcess;
  stop(): Promise<void>;
}

export function startBackend(options?: {
  port?: number;
  clock?: string | number;
  patience?: number;
  limits?: Partial<Usage>;
  quiet?: boolean;
  node?: string;
}): Promise<BackendProcess>;

export function cliEnvironment(
  backend: Pick<BackendProcess, "url" | "adminKey">,
): Record<string, string | undefined>;

export function pushApp(
  backend: Pick<BackendProcess, "url" | "adminKey">,
  app: string,
  options?: { cli?: string },
): Promise<void>;

export function writePushRequest(
  app: string,
  file: string,
  options?: { cli?: string },
): Promise<string>;

export function sendPush(
  backend: Pick<BackendProcess, "url" | "adminKey">,
  file: string,
): Promise<void>;

export function functionsOf(
  backend: Pick<BackendProcess, "url" | "adminKey">,
  app: string,
  options?: { cli?: string },
): Promise<string[]>;

export function callsSince(backend: Pick<BackendProcess, "url">, id: number): Promise<CallRecord[]>;

export function setEnvironment(
  backend: Pick<BackendProcess, "url" | "adminKey">,
  variables: Record<string, string | null>,
): Promise<void>;

export function resetBackend(
  backend: Pick<BackendProcess, "url">,
  limits?: Record<string, number>,
): Promise<void>;

export function setPatience(backend: Pick<BackendProcess, "url">, factor: number): Promise<void>;

export function advanceClock(
  backend: Pick<BackendProcess, "url">,
  milliseconds: number,
): Promise<number>;

export function cliPath(): string;
