// Scores of a game: who has which. No two are the same.

export interface Score extends Record<string, number | string> {
  score: number;
  name: string;
}

/** From one score to the next. */
export const STEP = 1_000;

export function scoreAt(i: number): Score {
  return { score: i * STEP, name: `player ${i}` };
}
