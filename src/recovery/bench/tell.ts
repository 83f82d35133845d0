/** How far a benchmark is. It never looks at a clock: who listens does. */
export interface Stage {
  /** "ppo, seed 2 of 5". */
  readonly what: string;
  /** Of the whole benchmark, in [0, 1]. */
  readonly share: number;
  /** Of this stage, so far. */
  readonly count: number;
  readonly unit: "steps" | "episodes" | "services";
}

export type Tell = (stage: Stage) => void;

/** Tells of pieces of work, given how long each takes beside the others. */
export function progressOver(pieces: readonly number[], tell: Tell) {
  const whole = pieces.reduce((sum, piece) => sum + piece, 0);
  return (piece: number, what: string, count: number, total: number, unit: Stage["unit"]): void => {
    const before = pieces.slice(0, piece).reduce((sum, each) => sum + each, 0);
    tell({ what, share: (before + pieces[piece] * (count / total)) / whole, count, unit });
  };
}
