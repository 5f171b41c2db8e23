// Which deployment the page is for. It needs the URL alone: the key is asked for by the page.

/**
 * The variables that may hold a deployment's URL, those first that are meant for tools. `npx convex
 * dev` writes one of the others into .env.local, by the framework that it finds.
 */
const NAMES = [
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_URL",
  "VITE_CONVEX_URL",
  "NEXT_PUBLIC_CONVEX_URL",
  "PUBLIC_CONVEX_URL",
  "EXPO_PUBLIC_CONVEX_URL",
  "REACT_APP_CONVEX_URL",
  "NUXT_PUBLIC_CONVEX_URL",
];

/** The URL in one of the variables; undefined: it is in none. */
export function urlIn(variable: (name: string) => string | undefined): string | undefined {
  return NAMES.map(variable).find((url) => url !== undefined && url !== "");
}

/** What to say if it is in none. */
export const NO_URL = `Which deployment? Its URL is neither in .env.local nor in .env, nor in the environment.
Name it: --url https://NAME.convex.cloud. Or run this where \`npx convex dev\` has written ${NAMES[1]},
${NAMES[2]} or the like into .env.local.`;
