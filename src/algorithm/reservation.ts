import type { VectorEnv } from "../env/env.ts";
import { defaultBytes } from "../kernel/memory.ts";
import { distributionShape } from "../policy/distribution/create-distribution.ts";
import { bytesPerRow } from "../rollout/replay.ts";

/** What an algorithm keeps in the kernel's memory. */
interface Needs {
  /** Of experience, kept at once. */
  readonly rows: number;
  /** Through the networks at once. */
  readonly maxBatch: number;
  /** Arrays as long as the parameters: themselves, gradients, moments; 6 unless told. */
  readonly copies?: number;
}

/** Bytes to reserve: experience and its minibatches, the networks and their signals, and all of it twice for good measure. */
export function reservation(
  { observationSize, actionSize, actionMasks, numEnvs, actionSpace }: VectorEnv,
  hidden: readonly number[],
  { rows, maxBatch, copies = 6 }: Needs,
): number {
  const row = observationSize + actionSize + (actionMasks?.length ?? 0) / numEnvs + 8;
  const widths = [observationSize, ...hidden, Math.max(1, distributionShape(actionSpace).size)];
  const parameters = 2 * widths.slice(1).reduce((sum, width, i) => sum + (widths[i] + 1) * width, 0);
  const signals = 4 * maxBatch * widths.reduce((sum, width) => sum + width, 0);
  return Math.max(defaultBytes, 2 * 4 * (2 * rows * row + copies * parameters + signals));
}

/** Bytes for a replay and `networks` networks with their moments and signals, twice for good measure. */
export function replayReservation(
  envs: VectorEnv,
  { hidden, batchSize }: { readonly hidden: readonly number[]; readonly batchSize: number },
  { capacity, networks, outputs }: { readonly capacity: number; readonly networks: number; readonly outputs: number },
): number {
  const { observationSize, actionSize, numEnvs } = envs;
  const rows = Math.max(batchSize, numEnvs);
  const widths = [observationSize + actionSize, ...hidden.map((width) => 2 * width), outputs];
  const parameters = widths.slice(1).reduce((sum, width, i) => sum + (widths[i] + 1) * width, 0);
  const signals = 3 * rows * widths.reduce((sum, width) => sum + width, 0);
  const bytes = capacity * bytesPerRow(envs) + 2 * 4 * (networks * (4 * parameters + signals) + 4 * rows * widths[0]);
  return Math.max(defaultBytes, bytes);
}
