/** A push is refused: the CLI prints the message. A target may throw it from `deploy`, too. */
export class PushError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
  }
}

/** Something else was deployed meanwhile. The CLI starts over when it sees this code. */
export function raceDetected(): PushError {
  return new PushError("RaceDetected", "The deployment changed during the push.");
}
