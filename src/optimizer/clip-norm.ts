/** The factor that brings a gradient of this norm within `maxNorm`; the 1e-6 is PyTorch's. `maxNorm` 0 means no bound. */
export function clipScale(norm: number, maxNorm: number): number {
  return maxNorm > 0 ? Math.min(1, maxNorm / (norm + 1e-6)) : 1;
}
