/** Copies `count` rows of `width` entries each, those that `rows` names, from `source` to the front of `out`. */
export function gatherMasks(source: Uint8Array, rows: Int32Array, out: Uint8Array, count: number, width: number): void {
  for (let i = 0; i < count; i++) {
    for (let j = 0; j < width; j++) out[i * width + j] = source[rows[i] * width + j];
  }
}
