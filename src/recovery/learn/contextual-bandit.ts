import type { Env } from "../../env/env.ts";
import { type Box, box, type Discrete, discrete } from "../../env/space.ts";
import { createRandom, type RandomState } from "../../math/random.ts";
import type { Definition } from "../definition.ts";
import { totalReward } from "../reward.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { type SimulatedRun, startRun } from "../simulation/simulated-run.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { learn, type Pretrained, type PretrainOptions } from "./pretrain.ts";
import { type Learnable, observationOf } from "./recovery-env.ts";

/**
 * The first decision alone, as a contextual bandit: a policy gradient without a future, since the runbook takes all that follows.
 * Less to gain than from `pretrain`, and far less to learn and to check: the advice is asked for where nothing was tried yet.
 */
export function learnFirstDecision(
  definition: Definition,
  simulator: Simulator,
  baseline: Runbook,
  options: PretrainOptions = {},
): Promise<Pretrained> {
  return learn(definition, () => firstDecisionEnv(definition, simulator, baseline), options);
}

/** Episodes of one step, which is worth what it earns and all that the runbook earns after it. */
export function firstDecisionEnv(definition: Learnable, simulator: Simulator, baseline: Runbook): Env<Box, Discrete> {
  const { choices, encoder, features } = definition;
  let random = createRandom(0);
  let before = random.snapshot();
  let run: SimulatedRun | null = null;

  function begin(): SimulatedRun {
    before = random.snapshot();
    return startRun(simulator, definition, random);
  }

  /** What the rest of the episode earns. */
  function followRunbook(now: SimulatedRun): number {
    let sum = 0;
    for (let ending = null; ending === null; ) {
      const taken = now.take(baseline.choose(now.failure, choices, now.mask, features(now.failure)));
      ending = taken.ending;
      sum += totalReward(taken.reward);
    }
    return sum;
  }

  return {
    id: `${simulator.id}, first decision`,
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [encoder.size] }),
    actionSpace: discrete(choices.length),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      run = begin();
      return { observation: observationOf(definition, simulator, run.failure), info: { actionMask: run.mask } };
    },
    step(index) {
      if (run === null) throw new Error(`${simulator.id}: no first decision is due; call reset first.`);
      const { reward, ending } = run.take(index);
      const sum = totalReward(reward) + (ending === null ? followRunbook(run) : 0);
      const { failure, mask } = run;
      run = null;
      return {
        observation: observationOf(definition, simulator, failure),
        reward: sum,
        terminated: true,
        truncated: false,
        info: { actionMask: mask },
      };
    },
    snapshot: (): RandomState => before,
    restore(snapshot) {
      random.restore(snapshot as RandomState);
      run = begin();
    },
  };
}
