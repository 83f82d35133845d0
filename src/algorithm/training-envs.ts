import type { Env, VectorEnv } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { normalizeVector } from "../env/wrapper/normalize-vector.ts";
import type { Normalization } from "../policy/policy.ts";
import type { SharedConfig } from "./shared-options.ts";

/** The environments of a run, and what its policy must carry of them. */
export type TrainingEnvs<O extends Space, A extends Space> = VectorEnv<O, A> & {
  readonly normalization: Normalization | null;
};

type TrainingEnvsConfig = Pick<SharedConfig, "numEnvs" | "normalizeObservations" | "normalizeRewards" | "discount">;

const clip = 10;
const epsilon = 1e-8;

/** N copies of the environment, normalised as the options ask. */
export function trainingEnvs<O extends Space, A extends Space>(
  makeEnv: () => Env<O, A>,
  { numEnvs, normalizeObservations, normalizeRewards, discount }: TrainingEnvsConfig,
): TrainingEnvs<O, A> {
  const envs = vectorEnv(makeEnv, numEnvs);
  if (!normalizeObservations && !normalizeRewards) return Object.assign(envs, { normalization: null });
  const normalized = normalizeVector(envs, {
    observation: normalizeObservations,
    reward: normalizeRewards,
    discount,
    clip,
    epsilon,
  });
  const { mean, variance } = normalized.moments;
  return Object.assign(normalized, { normalization: normalizeObservations ? { mean, variance, clip, epsilon } : null });
}
