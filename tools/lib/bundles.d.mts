import type { OutputFile, Plugin } from "esbuild";

export const exported: string[];
export function component(): string[];
export function bundlesOf(entryPoints: string[], plugins?: Plugin[]): Promise<OutputFile[]>;
