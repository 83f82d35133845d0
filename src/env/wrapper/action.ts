import type { Env } from "../env.ts";
import { type Box, box, type Space } from "../space.ts";
import { transformAction } from "./transform.ts";

/** Takes any real action and moves it between the task's bounds. */
export function clipAction<O extends Space>(env: Env<O, Box>): Env<O, Box> {
  const { low, high, shape } = env.actionSpace;
  return transformAction(env, box({ low: -Infinity, high: Infinity, shape }), (action: Float32Array) =>
    action.map((x, i) => Math.min(Math.max(x, low[i]), high[i])),
  );
}

/** Takes actions between `low` and `high` and stretches them to the task's bounds, which must be finite. */
export function rescaleAction<O extends Space>(env: Env<O, Box>, low = -1, high = 1): Env<O, Box> {
  const inner = env.actionSpace;
  if (!(low < high)) throw new RangeError(`rescaleAction: low must be below high, got ${low} and ${high}.`);
  if (![...inner.low, ...inner.high].every(Number.isFinite)) {
    throw new RangeError(`rescaleAction: ${env.id} must bound its actions, got [${inner.low}] to [${inner.high}].`);
  }
  return transformAction(env, box({ low, high, shape: inner.shape }), (action: Float32Array) =>
    action.map((x, i) => inner.low[i] + ((x - low) / (high - low)) * (inner.high[i] - inner.low[i])),
  );
}
