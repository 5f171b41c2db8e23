export function serveExplorer(options: {
  url: string;
  port?: number;
}): Promise<{ url: string; stop(): Promise<void> }>;

export function keyScript(url: string, key: string): string;
