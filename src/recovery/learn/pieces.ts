/** Rows that are looked at between two yields: a few milliseconds of work. */
export const PIECE = 500;

/** Does work at once that was made to be done in pieces. */
export function atOnce<T>(work: Generator<void, T, void>): T {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
  }
}

/** Does it piece by piece, with a breath now and then. */
export async function inPieces<T>(work: Generator<void, T, void>, breathe: () => Promise<void>): Promise<T> {
  for (;;) {
    const piece = work.next();
    if (piece.done) return piece.value;
    await breathe();
  }
}
