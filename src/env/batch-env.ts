import { createRandom, type RandomState } from "../math/random.ts";
import type { Dynamics } from "./dynamics.ts";
import type { VectorEnv } from "./env.ts";
import { createEpisodeLog, type EpisodeLogState } from "./episode-log.ts";
import { notFinite } from "./not-finite.ts";
import type { Box, Discrete } from "./space.ts";

interface Snapshot {
  readonly states: readonly number[];
  readonly randoms: readonly RandomState[];
  readonly log: EpisodeLogState;
}

/** N copies of a task in flat arrays; a step allocates nothing. The same trajectories as N copies of `dynamicsEnv`. */
export function batchEnv<A extends Discrete | Box>(dynamics: Dynamics<A>, numEnvs: number): VectorEnv<Box, A> {
  const { id, observationSpace, actionSpace, stateSize, maxEpisodeSteps } = dynamics;
  const observationSize = observationSpace.low.length;
  const actionSize = actionSpace.kind === "box" ? actionSpace.low.length : 1;
  const choices = actionSpace.kind === "discrete" ? actionSpace.n : Infinity;
  const states = new Float64Array(numEnvs * stateSize);
  const observations = new Float32Array(numEnvs * observationSize);
  const finalObservations = new Float32Array(numEnvs * observationSize);
  const rewards = new Float32Array(numEnvs);
  const terminated = new Uint8Array(numEnvs);
  const truncated = new Uint8Array(numEnvs);
  const log = createEpisodeLog(numEnvs);
  let randoms = Array.from({ length: numEnvs }, (_, i) => createRandom(i));

  function reset(seed: number): void {
    randoms = randoms.map((_, i) => createRandom(seed + i));
    for (let i = 0; i < numEnvs; i++) {
      dynamics.start(states, i * stateSize, randoms[i]);
      dynamics.observe(states, i * stateSize, observations, i * observationSize);
    }
    log.clear();
    clearStep();
  }

  /** As before a first step. */
  function clearStep(): void {
    finalObservations.set(observations);
    rewards.fill(0);
    terminated.fill(0);
    truncated.fill(0);
  }

  function step(actions: Float32Array): void {
    for (let i = 0; i < numEnvs; i++) {
      if (choices < Infinity && !isChoice(actions[i])) refuseAction(i, actions[i]);
      const at = i * stateSize;
      const reward = dynamics.advance(states, at, actions, i * actionSize);
      const isTerminal = dynamics.isTerminal(states, at);
      log.add(i, reward);
      const isCut = !isTerminal && log.lengths[i] >= maxEpisodeSteps;
      rewards[i] = reward;
      terminated[i] = isTerminal ? 1 : 0;
      truncated[i] = isCut ? 1 : 0;
      dynamics.observe(states, at, finalObservations, i * observationSize);
    }
    requireFinite();
    observations.set(finalObservations);
    for (let i = 0; i < numEnvs; i++) {
      if (terminated[i] + truncated[i] === 0) continue;
      log.finish(i, truncated[i] === 1);
      dynamics.start(states, i * stateSize, randoms[i]);
      dynamics.observe(states, i * stateSize, observations, i * observationSize);
    }
  }

  /** A number that is not finite makes a sum of zeros not a number: one look at all, then a search only if it is there. */
  function requireFinite(): void {
    let zero = 0;
    for (let j = 0; j < finalObservations.length; j++) zero += finalObservations[j] * 0;
    for (let i = 0; i < numEnvs; i++) zero += rewards[i] * 0;
    if (zero === 0) return;
    for (let i = 0; i < numEnvs; i++) {
      const observation = finalObservations.subarray(i * observationSize, (i + 1) * observationSize);
      if (Number.isFinite(rewards[i]) && observation.every(Number.isFinite)) continue;
      throw notFinite(id, i, log.lengths[i], observation, rewards[i]);
    }
  }

  function isChoice(action: number): boolean {
    return action >= 0 && action < choices && Math.floor(action) === action;
  }

  function refuseAction(index: number, action: number): never {
    throw new RangeError(
      `${id}: action of sub-environment ${index} must be an integer from 0 to ${choices - 1}, got ${action}.`,
    );
  }

  return {
    id,
    numEnvs,
    observationSpace,
    actionSpace,
    observationSize,
    actionSize,
    observations,
    finalObservations,
    rewards,
    terminated,
    truncated,
    actionMasks: null,
    reset,
    step,
    drainEpisodes: log.drain,
    snapshot: (): Snapshot => ({
      states: [...states],
      randoms: randoms.map((random) => random.snapshot()),
      log: log.snapshot(),
    }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      states.set(saved.states);
      randoms.forEach((random, i) => {
        random.restore(saved.randoms[i]);
        dynamics.observe(states, i * stateSize, observations, i * observationSize);
      });
      log.restore(saved.log);
      clearStep();
    },
    close() {},
  };
}
