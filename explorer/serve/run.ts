import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { readEnvironment } from "../cli/deployment/environment.js";
import { checkedUrl } from "../cli/deployment/find.js";
import { Failure, UsageFailure } from "../cli/failures.js";
import { openBrowser } from "./browser.js";
import type { ServeOptions } from "./command.js";
import { NO_URL, urlIn } from "./deployment.js";
import { servePage } from "./server.js";

/** Where the build puts the page: beside the program. */
const PAGE = fileURLToPath(new URL("./page", import.meta.url));

/** Serves the page until Ctrl-C. */
export async function runServer({ url, port = 0, open, module }: ServeOptions): Promise<void> {
  const found = url ?? urlIn(readEnvironment());
  if (found === undefined) throw new UsageFailure(NO_URL);
  const deployment = checkedUrl(found);
  const server = await servePage(PAGE, { url: deployment, module }, port).catch(explainedBy(port));
  // Before anybody is told that it runs: whoever is may end it at once.
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  console.log(`The KV Explorer is at ${server.url} for ${deployment}. Ctrl-C ends it.`);
  if (open) openBrowser(server.url);
  await ended;
  await server.stop();
}

function explainedBy(port: number) {
  return (error: NodeJS.ErrnoException): never => {
    const message: Record<string, string> = {
      EADDRINUSE: `Something else listens on port ${port}. Name another, or none for one that is free.`,
      EACCES: `This user may not listen on port ${port}. Name one above 1023, or none.`,
    };
    throw new Failure(message[error.code ?? ""] ?? error.message);
  };
}
