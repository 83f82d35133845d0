import { createRandom, type Discrete, discrete, type Env, type RandomState, type Tuple, tuple } from "belay-rl";

interface WalkState {
  readonly position: number;
  readonly lamp: number;
  readonly random: RandomState;
}

/** Four places with a lamp each: the action that agrees with the lamp leads on, the other back. Behind the last waits 1. */
export function walk(): Env<Tuple<readonly [Discrete, Discrete]>, Discrete> {
  let random = createRandom(0);
  let [position, lamp] = [0, 0];
  const observation = () => [position, lamp] as const;
  return {
    id: "Walk-v0",
    observationSpace: tuple([discrete(5), discrete(2)]),
    actionSpace: discrete(2),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      [position, lamp] = [0, random.integer(2)];
      return { observation: observation(), info: {} };
    },
    step(action) {
      position = Math.max(0, position + (action === lamp ? 1 : -1));
      lamp = random.integer(2);
      const terminated = position === 4;
      return { observation: observation(), reward: Number(terminated), terminated, truncated: false, info: {} };
    },
    snapshot: (): WalkState => ({ position, lamp, random: random.snapshot() }),
    restore(snapshot) {
      const saved = snapshot as WalkState;
      ({ position, lamp } = saved);
      random.restore(saved.random);
    },
  };
}
