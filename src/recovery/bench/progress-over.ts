import type { BenchOptions, Done } from "./options.ts";

/** Tells of pieces of work, given how long each takes beside the others. */
export function progressOver(pieces: readonly number[], tell: BenchOptions["onProgress"]) {
  const whole = pieces.reduce((sum, piece) => sum + piece, 0);
  return (piece: number, line: string, count: number, total: number, unit: Done["unit"]): void => {
    const before = pieces.slice(0, piece).reduce((sum, each) => sum + each, 0);
    tell?.(line, { share: (before + pieces[piece] * (count / total)) / whole, count, unit });
  };
}
