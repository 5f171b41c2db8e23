/** A deployment, and the key that lets an admin in. */
export interface Deployment {
  /** Without a slash at its end. */
  url: string;
  /** An admin key or deploy key. It is never printed. */
  adminKey: string;
  /** What to call it: "dev:happy-animal-123", or its URL. */
  name: string;
}
