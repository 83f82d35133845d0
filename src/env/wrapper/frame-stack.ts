import type { Env } from "../env.ts";
import { type Box, box, type Space } from "../space.ts";
import { wrap } from "./wrap.ts";

/** Shows the last `count` observations at once, [count, …shape], the oldest first; a first observation fills all places. */
export function frameStack<A extends Space>(env: Env<Box, A>, count: number): Env<Box, A> {
  if (!Number.isSafeInteger(count) || count < 1) {
    throw new RangeError(`frameStack: count must be a positive integer, got ${count}.`);
  }
  const { low, high, shape } = env.observationSpace;
  const size = low.length;
  const repeated = (frame: Float32Array) => Float32Array.from({ length: count * size }, (_, i) => frame[i % size]);
  let frames = new Float32Array(count * size);
  return wrap<Box, A>(env, {
    observationSpace: box({ low: repeated(low), high: repeated(high), shape: [count, ...shape] }),
    actionSpace: env.actionSpace,
    reset(options) {
      const { observation, info } = env.reset(options);
      frames = repeated(observation);
      return { observation: frames.slice(), info };
    },
    step(action) {
      const step = env.step(action);
      frames.copyWithin(0, size);
      frames.set(step.observation, (count - 1) * size);
      return { ...step, observation: frames.slice() };
    },
    save: () => [...frames],
    load: (saved: readonly number[]) => frames.set(saved),
  });
}
