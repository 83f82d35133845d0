import type { Random } from "../math/random.ts";
import type { Box, Discrete } from "./space.ts";

/**
 * The laws of one task, over flat arrays in which many copies of it lie side by side: `at` is where a copy begins.
 * `dynamicsEnv` makes an environment of them, `batchEnv` a vector environment.
 */
export interface Dynamics<A extends Discrete | Box = Discrete | Box> {
  readonly id: string;
  readonly maxEpisodeSteps: number;
  readonly observationSpace: Box;
  readonly actionSpace: A;
  /** Numbers per state. */
  readonly stateSize: number;
  /** Draws a first state. */
  start(state: Float64Array, at: number, random: Random): void;
  /** Advances the state by one step and returns the reward. */
  advance(state: Float64Array, at: number, actions: Float32Array, actionAt: number): number;
  /** Whether the task ends in this state. */
  isTerminal(state: Float64Array, at: number): boolean;
  observe(state: Float64Array, at: number, out: Float32Array, outAt: number): void;
  /** The state as an SVG document; `action` is what led to it, null at the start. */
  draw(state: Float64Array, action: number | null): string;
}
