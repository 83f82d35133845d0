/**
 * Gₜ = rₜ₊₁ + γ Gₜ₊₁ over one episode of n steps, its tail worth `bootstrap`:
 * 0 after a terminal state, V(s_n) where the episode was cut.
 */
export function discountedReturns(
  rewards: Float32Array,
  n: number,
  discount: number,
  bootstrap: number,
  out: Float32Array,
): void {
  let tail = bootstrap;
  for (let t = n - 1; t >= 0; t--) {
    tail = rewards[t] + discount * tail;
    out[t] = tail;
  }
}
