import { createRandom } from "../../math/random.ts";
import { behaviour, drawn, noExploration } from "../behaviour.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { Decide } from "../simulation/evaluate-recovery.ts";

/** A learned policy as the planner would follow it, without exploration. */
export function byPolicy({ choices, encoder, features }: Definition, policy: RecoveryPolicy, seed: number): Decide {
  const random = createRandom(seed);
  const observation = new Float32Array(encoder.size);
  const advice = new Float32Array(choices.length);
  return ({ failure, mask }) => {
    const unknown = encoder.encode(features(failure), failure.class, failure.history, observation);
    if (unknown !== null) throw new RangeError(`byPolicy: the encoder knows no ${unknown} such as this failure has.`);
    policy.probabilities(observation, mask, advice);
    const chances = behaviour({ choices, mask, baseline: 0, advice, byPolicy: true, exploration: noExploration });
    return drawn(chances, random.uniform());
  };
}
