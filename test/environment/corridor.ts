import type { Env } from "../../src/env/env.ts";
import { type Box, box, type Discrete, discrete } from "../../src/env/space.ts";
import { createRandom, type RandomState } from "../../src/math/random.ts";

interface CorridorState {
  readonly position: number;
  readonly random: RandomState;
}

/**
 * Five cells. Action 1 goes right, 0 left; the reward is the cell reached, and cell 4 is the end.
 * The wind sometimes moves one cell to the right. With `masked`, going left from cell 0 is forbidden.
 */
export function corridor({ masked = false, wind = 0.1 } = {}): Env<Box, Discrete> {
  let random = createRandom(0);
  let position = 0;
  const observe = () => Float32Array.of(position);
  const info = () => (masked ? { actionMask: Uint8Array.of(position > 0 ? 1 : 0, 1) } : {});
  return {
    id: "Corridor-v0",
    observationSpace: box({ low: [0], high: [4] }),
    actionSpace: discrete(2),
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      position = random.integer(2);
      return { observation: observe(), info: info() };
    },
    step(action) {
      if (position === 4) throw new Error("the episode has ended");
      if (masked && position === 0 && action === 0) throw new Error("action 0 is forbidden here");
      const gust = random.uniform() < wind ? 1 : 0;
      position = Math.min(Math.max(position + (action === 1 ? 1 : -1) + gust, 0), 4);
      return { observation: observe(), reward: position, terminated: position === 4, truncated: false, info: info() };
    },
    snapshot: (): CorridorState => ({ position, random: random.snapshot() }),
    restore(snapshot) {
      const saved = snapshot as CorridorState;
      position = saved.position;
      random.restore(saved.random);
    },
  };
}
