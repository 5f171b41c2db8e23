import { spawn } from "node:child_process";

/** Opens an address in the person's browser, if there is one; nothing is said if there is none. */
export function openBrowser(url: string): void {
  const call = opener(process.platform, process.env);
  if (!call) return;
  const [command, ...args] = call;
  const child = spawn(command, [...args, url], { stdio: "ignore", detached: true });
  child.on("error", () => {});
  child.unref();
}

/** The command that opens an address, without it. undefined: there is no screen. */
export function opener(
  platform: NodeJS.Platform,
  environment: NodeJS.ProcessEnv,
): [command: string, ...args: string[]] | undefined {
  if (platform === "darwin") return ["open"];
  if (platform === "win32") return ["rundll32", "url.dll,FileProtocolHandler"];
  // Windows' own, from its Linux.
  if (environment.WSL_DISTRO_NAME) return ["explorer.exe"];
  // Without a screen, xdg-open would take a browser for terminals.
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ["xdg-open"] : undefined;
}
