import type { ActingPolicy } from "../deploy/act.ts";
import { encodePolicy, parametersHash } from "../deploy/policy-file.ts";
import type { Space } from "../env/space.ts";
import { createRandom } from "../math/random.ts";
import type { Policy } from "../policy/policy.ts";
import type { Checkpointer } from "./checkpoint.ts";
import type { RunConfig } from "./config.ts";
import { type EvaluateOptions, type Outcome, playEpisodes } from "./evaluate.ts";
import type { Stage } from "./event.ts";
import type { Recorder } from "./recorder.ts";
import type { RunState } from "./run-state.ts";
import type { RunHost, Task } from "./task.ts";

/** What all parts of a run share while it lasts. */
export interface Scene<Config, O extends Space, A extends Space> {
  readonly task: Task<Config, O, A>;
  readonly config: RunConfig;
  readonly host: RunHost;
  readonly state: RunState;
  readonly recorder: Recorder;
  readonly checkpointer: Checkpointer;
  readonly breathe: () => Promise<void>;
  /** What is being done, should it fail. */
  stage: Stage;
}

/** Plays on while the rest of the program has its turns; fewer outcomes than asked for where `stop` said so. */
export async function watch<Config, O extends Space, A extends Space>(
  scene: Scene<Config, O, A>,
  policy: ActingPolicy<O, A>,
  options: EvaluateOptions,
  stop: () => boolean = () => false,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  scene.stage = "evaluation";
  for (const outcome of playEpisodes(policy, scene.task.makeEnv, options)) {
    outcomes.push(outcome);
    await scene.breathe();
    if (stop()) break;
  }
  scene.stage = "training";
  return outcomes;
}

export function policyFile(
  { algorithm, environment, seed, options, version }: RunConfig,
  policy: Policy,
  steps: number,
): Uint8Array {
  const hash = parametersHash(policy.parameters);
  return encodePolicy(policy, { algorithm, environment, seed, steps, options, version, parametersHash: hash });
}

/** Streams of their own, so that to watch a policy changes nothing about how it learns. */
export function evaluationSeeds(seed: number): { readonly during: number; readonly final: number } {
  const random = createRandom((seed + 2 ** 52) % 2 ** 53);
  return { during: random.integer(2 ** 31), final: random.integer(2 ** 31) };
}
