export interface HttpRequest {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  authorization: string | undefined;
  /** Decompressed. */
  body: Buffer;
}

export interface Reply {
  status: number;
  body: unknown;
}

/** Answers a request; null if it belongs to another handler. */
export type Handler = (request: HttpRequest) => Promise<Reply | null>;

/** A request that is answered with an error, as a deployment writes one. */
export class RequestFault extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}
