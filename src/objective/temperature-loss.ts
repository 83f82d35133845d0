/**
 * What the temperature descends: it grows while the policy's entropy is below its target.
 * Haarnoja et al. 2018, https://arxiv.org/abs/1812.05905, eq. 18, in log α, which keeps α positive.
 *
 *   J(α) = mean −log α (log π(a|s) + H̄),   ∂J/∂log α = −mean (log π(a|s) + H̄)
 */
export function temperatureLoss(
  logTemperature: number,
  meanLogProb: number,
  targetEntropy: number,
): { readonly value: number; readonly slope: number } {
  const slope = -(meanLogProb + targetEntropy);
  return { value: logTemperature * slope, slope };
}
