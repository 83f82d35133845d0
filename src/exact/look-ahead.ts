import type { Dynamics } from "../env/dynamics.ts";
import type { Discrete } from "../env/space.ts";

export interface LookAheadOptions {
  readonly discount: number;
  /** How far apart two states may be in each number and still count as one, [stateSize] */
  readonly cell: readonly number[];
  /** No return that is still to come exceeds this. */
  readonly most: number;
}

/** States that are reached by the same number of steps, with what was gained on the way. */
interface Layer {
  readonly states: Float64Array[];
  readonly returns: number[];
}

/**
 * The best return of an episode that starts in `start`, where nothing is left to chance but the start: every action in every
 * state, layer after layer. Of states that share a cell of a lattice the one that gained most is followed, so that every
 * trajectory is a real one, and what is found a lower bound that rises as the cells shrink.
 */
export function bestReturn(
  dynamics: Dynamics<Discrete>,
  start: readonly number[],
  { discount, cell, most }: LookAheadOptions,
): number {
  const { stateSize, maxEpisodeSteps, actionSpace } = dynamics;
  const action = new Float32Array(1);
  let best = -Infinity;
  let layer: Layer = { states: [Float64Array.from(start)], returns: [0] };
  let worth = 1;
  for (let step = 1; layer.states.length > 0; step++, worth *= discount) {
    const next: Layer = { states: [], returns: [] };
    const places = new Map<string, number>();
    layer.states.forEach((from, i) => {
      if (layer.returns[i] + worth * most <= best) return;
      for (let choice = 0; choice < actionSpace.n; choice++) {
        const state = from.slice();
        action[0] = choice;
        const sum = layer.returns[i] + worth * dynamics.advance(state, 0, action, 0);
        if (dynamics.isTerminal(state, 0) || step === maxEpisodeSteps) {
          best = Math.max(best, sum);
          continue;
        }
        let key = "";
        for (let j = 0; j < stateSize; j++) key += `${Math.floor(state[j] / cell[j])} `;
        const place = places.get(key);
        if (place !== undefined && next.returns[place] >= sum) continue;
        const at = place ?? next.states.length;
        places.set(key, at);
        next.states[at] = state;
        next.returns[at] = sum;
      }
    });
    layer = next;
  }
  return best;
}
