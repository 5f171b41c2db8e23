export function keyScript(url: string, key: string): string;
