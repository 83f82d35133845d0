import type { Env, Step } from "../../env/env.ts";
import { type Box, box, type Discrete, discrete } from "../../env/space.ts";
import { createRandom, type RandomState } from "../../math/random.ts";
import type { Definition } from "../definition.ts";
import type { Failure } from "../failure.ts";
import { totalReward } from "../reward.ts";
import { type SimulatedRun, startRun } from "../simulation/simulated-run.ts";
import type { Simulator } from "../simulation/simulator.ts";

/** What a planner must say for its decisions to be learned. */
export type Learnable = Pick<Definition, "choices" | "encoder" | "features" | "rates" | "limits">;

interface Snapshot {
  /** Before the episode began. */
  readonly random: RandomState;
  /** Choices since then. */
  readonly taken: readonly number[];
}

/**
 * A planner's decisions as a task: it sees what the planner's encoder makes of a failure, and chooses what the planner can do.
 * No episode is cut: the deadline and the last attempt end it for good.
 */
export function recoveryEnv(definition: Learnable, simulator: Simulator): Env<Box, Discrete> {
  const { choices, encoder } = definition;
  let random = createRandom(0);
  let before = random.snapshot();
  let taken: number[] = [];
  let run: SimulatedRun | null = null;

  function begin(): SimulatedRun {
    before = random.snapshot();
    taken = [];
    return startRun(simulator, definition, random);
  }

  function running(): SimulatedRun {
    if (run) return run;
    throw new Error(`${simulator.id}: no episode has begun; call reset first.`);
  }

  const observe = ({ failure }: SimulatedRun) => observationOf(definition, simulator, failure);

  function step(index: number): Step<Box> {
    const now = running();
    if (now.mask[index] !== 1) {
      throw new RangeError(
        `${simulator.id}: choice must be the index of one that is allowed, [${now.mask}], got ${index}.`,
      );
    }
    taken.push(index);
    const { reward, ending } = now.take(index);
    return {
      observation: observe(now),
      reward: totalReward(reward),
      terminated: ending !== null,
      truncated: false,
      info: { actionMask: now.mask, reward, ending },
    };
  }

  return {
    id: simulator.id,
    observationSpace: box({ low: -Infinity, high: Infinity, shape: [encoder.size] }),
    actionSpace: discrete(choices.length),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      run = begin();
      return { observation: observe(run), info: { actionMask: run.mask } };
    },
    step,
    snapshot: (): Snapshot => ({ random: before, taken: [...taken] }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      random.restore(saved.random);
      run = begin();
      for (const index of saved.taken) step(index);
    },
  };
}

/** What the planner's encoder makes of a simulated failure. */
export function observationOf({ encoder, features }: Learnable, { id }: Simulator, failure: Failure): Float32Array {
  const observation = new Float32Array(encoder.size);
  const unknown = encoder.encode(features(failure), failure.class, failure.history, observation);
  if (unknown === null) return observation;
  throw new RangeError(`${id}: the planner knows no ${unknown} such as this failure has: ${JSON.stringify(failure)}.`);
}
