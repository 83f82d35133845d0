import type { NumberArray } from "../math/snapshot.ts";

/** Descends: one step along the gradients it was made with, first multiplied by `gradientScale`. */
export interface Optimizer {
  step(learningRate: number, gradientScale: number): void;
  /** What it remembers between steps, for checkpoints: live arrays. */
  readonly arrays: Readonly<Record<string, NumberArray>>;
}

/** Which optimiser, by the field's name. */
export type OptimizerName = "adam" | "rmsprop" | "sgd";

export const optimizerNames: readonly OptimizerName[] = ["adam", "rmsprop", "sgd"];
