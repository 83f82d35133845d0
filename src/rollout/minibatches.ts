import type { Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import { gatherMasks } from "./gather-masks.ts";
import type { Rollout } from "./rollout.ts";

/** What is learned from: a rollout's rows with their estimates, or a minibatch of them. */
export interface Batch {
  /** Rows in use; the last minibatch of an epoch may be short. */
  readonly size: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly masks: Uint8Array | null;
  readonly logProbs: Float32Array;
  /** V_old(s) */
  readonly values: Float32Array;
  readonly advantages: Float32Array;
  readonly returns: Float32Array;
}

/** A rollout's rows and their estimates as one batch of T·N, without copying. */
export function wholeBatch(rollout: Rollout, advantages: Float32Array, returns: Float32Array): Batch {
  const { observations, actions, masks, logProbs, values } = rollout;
  return { size: rollout.T * rollout.N, observations, actions, masks, logProbs, values, advantages, returns };
}

/** Cuts `source` into minibatches; the batch yielded is overwritten by the next. */
export interface Minibatches {
  /** The rows in the order that the next epoch takes them; shuffle it between epochs. */
  readonly order: Int32Array;
  epoch(): Iterable<Batch>;
}

export function createMinibatches(kernel: Kernel, source: Batch, batchSize: number): Minibatches {
  const rows = source.size;
  const order = kernel.int32(rows);
  for (let i = 0; i < rows; i++) order[i] = i;

  const columns = [
    source.observations,
    source.actions,
    source.logProbs,
    source.values,
    source.advantages,
    source.returns,
  ];
  const widths = columns.map((column) => column.length / rows);
  const copies = widths.map((width) => kernel.float32(Math.min(batchSize, rows) * width));
  const [observations, actions, logProbs, values, advantages, returns] = copies;
  const maskWidth = source.masks ? source.masks.length / rows : 0;
  const masks = source.masks && kernel.uint8(Math.min(batchSize, rows) * maskWidth);
  const batch = { size: 0, observations, actions, masks, logProbs, values, advantages, returns };

  return {
    order,
    *epoch() {
      for (let start = 0; start < rows; start += batchSize) {
        batch.size = Math.min(batchSize, rows - start);
        const indices = order.subarray(start, start + batch.size);
        for (let i = 0; i < columns.length; i++) {
          kernel.gatherRows(columns[i], indices, copies[i], batch.size, widths[i]);
        }
        if (masks && source.masks) gatherMasks(source.masks, indices, masks, batch.size, maskWidth);
        yield batch;
      }
    },
  };
}

/** Copies a share of `source`'s rows, evenly spaced, into a smaller batch; all of them are `source` itself. */
export function createThinning(kernel: Kernel, source: Batch, fraction: number): () => Batch {
  const rows = Math.ceil(source.size * fraction);
  if (rows === source.size) return () => source;
  const minibatches = createMinibatches(kernel, source, rows);
  for (let i = 0; i < rows; i++) minibatches.order[i] = Math.floor((i * source.size) / rows);
  return () => {
    const [batch] = minibatches.epoch();
    return batch;
  };
}

/** Fisher and Yates: every order is equally likely. */
export function shuffle(order: Int32Array, random: Random): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const moved = order[i];
    order[i] = order[j];
    order[j] = moved;
  }
}
