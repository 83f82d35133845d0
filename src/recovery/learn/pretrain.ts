import type { AlgorithmEntry, Report } from "../../algorithm/algorithm.ts";
import { decodePolicy, encodePolicy, parametersHash } from "../../deploy/policy-file.ts";
import type { Env } from "../../env/env.ts";
import type { Box, Discrete } from "../../env/space.ts";
import { createBreather, hostPlatform } from "../../run/platform.ts";
import { version } from "../../run/version.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { networkPolicy } from "./network-policy.ts";
import { recoveryEnv } from "./recovery-env.ts";
import { recoverySettings } from "./settings.ts";
import { shapeOf } from "./shape.ts";

/** An on-policy algorithm, by its entry of `algorithms` or any record like it. */
export type Learner = Pick<AlgorithmEntry, "name" | "run">;

export interface PretrainOptions {
  /** PPO unless given. */
  readonly algorithm?: Learner;
  /** Of the algorithm, beyond `recoverySettings`. */
  readonly options?: Readonly<Record<string, unknown>>;
  readonly seed?: number;
  /** Stops the training, which then throws the signal's reason. */
  readonly signal?: { readonly aborted: boolean; readonly reason: unknown };
  readonly onProgress?: (progress: PretrainProgress) => void;
}

export interface PretrainProgress {
  readonly steps: number;
  readonly totalSteps: number;
  /** Mean over the episodes that ended since the last report; null where none did. */
  readonly return: number | null;
  readonly entropy: number | null;
}

export interface Pretrained {
  readonly policy: RecoveryPolicy;
  /** The same, to be kept: `networkPolicy(decodePolicy(file), definition)` reads it. */
  readonly file: Uint8Array<ArrayBuffer>;
  readonly steps: number;
}

/** Learns what to choose from simulated failures. The same seed gives the same bytes. */
export function pretrain(
  definition: Definition,
  simulator: Simulator,
  options: PretrainOptions = {},
): Promise<Pretrained> {
  return learn(definition, () => recoveryEnv(definition, simulator), options);
}

/** Learns in any environment that shows a planner's observations and takes its choices. */
export async function learn(
  definition: Definition,
  makeEnv: () => Env<Box, Discrete>,
  { algorithm, options = {}, seed = 0, signal, onProgress }: PretrainOptions,
): Promise<Pretrained> {
  const { name, run } = algorithm ?? (await proximal());
  const config = { ...recoverySettings[name], ...options, seed };
  const breathe = createBreather(hostPlatform());
  let last: Report<Box, Discrete> | null = null;
  for await (const report of run(makeEnv, config)) {
    last = report;
    onProgress?.(progressOf(report));
    await breathe();
    if (signal?.aborted) throw signal.reason;
  }
  if (!last) throw new Error(`pretrain: ${name} ended without a report, and so without a policy.`);

  const { policy, steps } = last;
  const hash = parametersHash(policy.parameters);
  const environment = makeEnv().id;
  const told = { ...config, planner: shapeOf(definition) };
  const training = { algorithm: name, environment, seed, steps, options: told, version, parametersHash: hash };
  const file = encodePolicy(policy, training);
  return { policy: networkPolicy(decodePolicy(file), definition), file, steps };
}

/** Loaded when it is needed: a planner that only acts need not carry it. */
async function proximal(): Promise<Learner> {
  const { ppo } = await import("../../algorithm/ppo.ts");
  return { name: "ppo", run: ppo as Learner["run"] };
}

function progressOf({ steps, totalSteps, episodes, metrics }: Report): PretrainProgress {
  const sum = episodes.reduce((total, episode) => total + episode.return, 0);
  return {
    steps,
    totalSteps,
    return: episodes.length > 0 ? sum / episodes.length : null,
    entropy: metrics.entropy ?? null,
  };
}
