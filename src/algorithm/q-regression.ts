import type { Kernel } from "../kernel/kernel.ts";
import { huber } from "../objective/huber.ts";
import type { Optimizer } from "../optimizer/optimizer.ts";
import { placeActions, takeActions } from "../policy/action-rows.ts";
import type { ActionValues } from "../policy/action-values.ts";
import type { Transitions } from "../rollout/transitions.ts";
import { actionValueMetrics } from "./action-value-metrics.ts";
import { descend, type Place } from "./descend.ts";
import type { ValueChanges } from "./value-learner.ts";

/** Brings Q(s, a) towards targets. */
export interface QRegression {
  /** y, [batchSize]: to be written before each step. */
  readonly targets: Float32Array;
  /** A gradient step on Huber's loss. */
  step(batch: Transitions, learningRate: number, place: Place): ValueChanges;
}

/** Up to `batchSize` rows at a time. */
export function createQRegression(
  kernel: Kernel,
  policy: ActionValues,
  optimizer: Optimizer,
  { batchSize, maxGradientNorm }: { readonly batchSize: number; readonly maxGradientNorm: number },
): QRegression {
  const { actions } = policy;
  const numbers = () => kernel.float32(batchSize);
  const [targets, errors, predictions, dPredictions] = [numbers(), numbers(), numbers(), numbers()];
  const dValues = kernel.float32(batchSize * actions);

  return {
    targets,

    step(batch, learningRate, place) {
      const { size: n, weights } = batch;
      takeActions(policy.forward(batch.observations, n), batch.actions, n, actions, 1, predictions);
      const loss = huber({ predictions, targets, weights }, n, dPredictions, errors);
      placeActions(dPredictions, batch.actions, n, actions, 1, dValues);
      policy.backward(dValues, n);
      const gradientNorm = descend(kernel, optimizer, policy.gradients, learningRate, maxGradientNorm, place);
      return {
        loss,
        ...actionValueMetrics([predictions], targets, n),
        gradientNorm,
        errors,
      };
    },
  };
}
