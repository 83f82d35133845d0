/** Mean and variance of everything seen so far, by column. */
export interface RunningMoments {
  /** [size] */
  readonly mean: Float64Array;
  /** Population variance, [size]; 1 before anything was seen. */
  readonly variance: Float64Array;
  readonly count: number;
  /** Takes in `rows` rows of `size` numbers, row-major. */
  update(batch: ArrayLike<number>, rows: number): void;
  snapshot(): RunningMomentsState;
  restore(state: RunningMomentsState): void;
}

export interface RunningMomentsState {
  readonly mean: readonly number[];
  readonly variance: readonly number[];
  readonly count: number;
}

/**
 * Chan, Golub & LeVeque 1979: the moments of two samples make the moments of their union, so batches can be merged exactly.
 * The count starts at 1e-4, as OpenAI's baselines have it, which lets the first batch outweigh the initial 0 and 1.
 */
export function createRunningMoments(size: number, initialCount = 1e-4): RunningMoments {
  const mean = new Float64Array(size);
  const variance = new Float64Array(size).fill(1);
  let count = initialCount;

  return {
    mean,
    variance,
    get count() {
      return count;
    },
    update(batch, rows) {
      const total = count + rows;
      for (let column = 0; column < size; column++) {
        let batchMean = 0;
        for (let row = 0; row < rows; row++) batchMean += batch[row * size + column];
        batchMean /= rows;
        let batchSquares = 0;
        for (let row = 0; row < rows; row++) {
          const gap = batch[row * size + column] - batchMean;
          batchSquares += gap * gap;
        }

        const delta = batchMean - mean[column];
        mean[column] += (delta * rows) / total;
        variance[column] = (variance[column] * count + batchSquares + (delta * delta * count * rows) / total) / total;
      }
      count = total;
    },
    snapshot: () => ({ mean: [...mean], variance: [...variance], count }),
    restore(state) {
      mean.set(state.mean);
      variance.set(state.variance);
      count = state.count;
    },
  };
}
