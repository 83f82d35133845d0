import type { Kernel } from "../kernel/kernel.ts";
import { argMax } from "../math/arg-max.ts";
import type { ActionValues } from "../policy/action-values.ts";
import type { ValueSupport } from "../policy/policy.ts";
import { createValueDistribution } from "../policy/value-distribution.ts";
import type { Choose } from "./off-policy.ts";

/** argmax_a Q(s, a), over the actions allowed. */
export function greedyByValue({ forward, actions: n }: Pick<ActionValues, "forward" | "actions">): Choose {
  return (observations, masks, actions) => {
    const values = forward(observations, actions.length);
    for (let row = 0; row < actions.length; row++) {
      actions[row] = argMax(values, masks, row * n, (row + 1) * n) - row * n;
    }
  };
}

/** argmax_a Σ zᵢ pᵢ(s, a), over the actions allowed, for up to `maxRows` rows. */
export function greedyByMean(
  kernel: Kernel,
  { forward, actions }: Pick<ActionValues, "forward" | "actions">,
  support: ValueSupport,
  maxRows: number,
): Choose {
  const distribution = createValueDistribution(kernel, support, maxRows * actions);
  return greedyByValue({
    actions,
    forward(observations, batch) {
      const { probabilities } = distribution.evaluate(forward(observations, batch), batch * actions);
      return distribution.means(probabilities, batch * actions);
    },
  });
}
