/** What the server that serves the page says in it: explorer/serve/page.ts. */
export const configuration = {
  /** The deployment's URL. */
  url: contentOf("convex-url"),
  /** The app's module with `explorerApi`, relative to `convex/`: "explorer". */
  module: contentOf("convex-module"),
};

function contentOf(name: string): string {
  const content = document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;
  if (!content) throw new Error(`The page was served without ${name}.`);
  return content;
}
