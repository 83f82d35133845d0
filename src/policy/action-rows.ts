/** Of outputs [n, actions, width], those of the action taken in each row, [n, width]. */
export function takeActions(
  outputs: Float32Array,
  taken: Float32Array,
  n: number,
  actions: number,
  width: number,
  out: Float32Array,
): void {
  for (let row = 0, i = 0; row < n; row++) {
    const first = (row * actions + taken[row]) * width;
    for (let j = 0; j < width; j++, i++) out[i] = outputs[first + j];
  }
}

/** The way back: [n, width] to [n, actions, width], 0 at the actions that were not taken. */
export function placeActions(
  from: Float32Array,
  taken: Float32Array,
  n: number,
  actions: number,
  width: number,
  out: Float32Array,
): void {
  out.fill(0, 0, n * actions * width);
  for (let row = 0, i = 0; row < n; row++) {
    const first = (row * actions + taken[row]) * width;
    for (let j = 0; j < width; j++, i++) out[first + j] = from[i];
  }
}
