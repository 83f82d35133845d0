/** The first of the largest numbers from `start` to before `end`, of those allowed; −1 where none is. */
export function argMax(
  values: Float32Array,
  allowed: Uint8Array | null | undefined,
  start: number,
  end: number,
): number {
  let best = -1;
  for (let i = start; i < end; i++) {
    if (allowed && allowed[i] === 0) continue;
    if (best < 0 || values[i] > values[best]) best = i;
  }
  return best;
}
