/** What the page has to know, and finds in itself: page/data/configuration.ts. */
export interface Configuration {
  /** The deployment's URL: "https://happy-animal-123.convex.cloud". */
  url: string;
  /** The app's module with `explorerApi`, relative to `convex/`: "explorer". */
  module: string;
}

/** The page, for one deployment. */
export function configured(html: string, { url, module }: Configuration): string {
  const meta = (name: string, content: string) =>
    `<meta name="${name}" content="${content.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)}" />`;
  const all = [meta("convex-url", url), meta("convex-module", module)].join("\n    ");
  // A function: "$" would have a meaning in a text.
  return html.replace("</head>", () => `  ${all}\n  </head>`);
}
