import { createRandom, type RandomState } from "../../math/random.ts";
import type { Env } from "../env.ts";
import type { GoalJudgement } from "../goal-env.ts";
import { type Box, box, type Dict, type Discrete, dict, discrete } from "../space.ts";
import { ink, svg, tenth } from "../svg.ts";

interface Snapshot {
  readonly bits: readonly number[];
  readonly target: readonly number[];
  readonly elapsed: number;
  readonly ended: boolean;
  readonly random: RandomState;
}

type BitSpace = Dict<{ readonly observation: Box; readonly achieved_goal: Box; readonly desired_goal: Box }>;

export interface BitFlipOptions {
  /** n */
  readonly bits?: number;
  /** As many as there are bits unless told; null for no limit. */
  readonly maxEpisodeSteps?: number | null;
}

/**
 * n bits, and n others that they should become; an action flips one. Andrychowicz et al. 2017, §3.1.
 *
 * −1 a step, 0 for the one that gets there and ends the episode: with many bits, chance alone never sees a reward.
 */
export function bitFlip({
  bits: n = 8,
  maxEpisodeSteps = n,
}: BitFlipOptions = {}): Env<BitSpace, Discrete> & GoalJudgement {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`bitFlip: bits must be a positive integer, got ${n}.`);
  if (maxEpisodeSteps !== null && !(maxEpisodeSteps >= 1)) {
    throw new RangeError(`bitFlip: maxEpisodeSteps must be 1 or more, or null, got ${maxEpisodeSteps}.`);
  }
  const id = "BitFlip-v0";
  const space = box({ low: 0, high: 1, shape: [n] });
  const actionSpace = discrete(n);
  let random = createRandom(0);
  let bits = new Float32Array(n);
  let target = new Float32Array(n);
  let elapsed = 0;
  let ended = true;

  const draw = () => new Float32Array(n).map(() => random.integer(2));
  const observe = () => ({ observation: bits.slice(), achieved_goal: bits.slice(), desired_goal: target.slice() });

  function isReached(achieved: Float32Array, desired: Float32Array): boolean {
    for (let i = 0; i < n; i++) if (achieved[i] !== desired[i]) return false;
    return true;
  }

  return {
    id,
    observationSpace: dict({ observation: space, achieved_goal: space, desired_goal: space }),
    actionSpace,
    reset({ seed } = {}) {
      if (seed !== undefined) random = createRandom(seed);
      bits = draw();
      target = draw();
      elapsed = 0;
      ended = false;
      return { observation: observe(), info: {} };
    },
    step(action) {
      if (ended) throw new Error(`${id}: step was called outside an episode; call reset first.`);
      if (!(Number.isInteger(action) && action >= 0 && action < n)) {
        throw new RangeError(`${id}: action must be an integer from 0 to ${n - 1}, got ${action}.`);
      }
      bits[action] = 1 - bits[action];
      elapsed += 1;
      const terminated = isReached(bits, target);
      const truncated = !terminated && elapsed >= (maxEpisodeSteps ?? Infinity);
      ended = terminated || truncated;
      return { observation: observe(), reward: terminated ? 0 : -1, terminated, truncated, info: {} };
    },
    computeReward: (achieved, desired) => (isReached(achieved, desired) ? 0 : -1),
    computeTerminated: isReached,
    snapshot: (): Snapshot => ({
      bits: [...bits],
      target: [...target],
      elapsed,
      ended,
      random: random.snapshot(),
    }),
    restore(snapshot) {
      const saved = snapshot as Snapshot;
      bits.set(saved.bits);
      target.set(saved.target);
      ({ elapsed, ended } = saved);
      random.restore(saved.random);
    },
    render: () => svg(row(target, 110, ink.goal) + row(bits, 220, ink.body)),
  };
}

/** Bits side by side, filled where they are 1. */
function row(bits: Float32Array, y: number, colour: string): string {
  const pitch = 560 / bits.length;
  const side = Math.min(70, 0.8 * pitch);
  const square = (bit: number, i: number) =>
    `<rect x="${tenth(20 + (i + 0.5) * pitch - side / 2)}" y="${y}" width="${tenth(side)}" height="${tenth(side)}" ` +
    `rx="${tenth(side / 8)}" fill="${bit ? colour : ink.ground}" stroke="${ink.line}"/>`;
  return Array.from(bits, square).join("");
}
