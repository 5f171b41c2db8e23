/** One step of a key: a Convex scalar. bigint is an int64. */
export type KeyPart = string | number | bigint | boolean | null | ArrayBuffer;

/** A path of key parts, from the root down. */
export type Key = readonly KeyPart[];
