/**
 * Generalized advantage estimation. Schulman et al. 2016, https://arxiv.org/abs/1506.02438, eq. 11 and 12.
 *
 *   δₜ = rₜ + γ V(sₜ₊₁) − V(sₜ)
 *   Âₜ = δₜ + γλ Âₜ₊₁
 *
 * A terminal successor is worth 0. A truncated one keeps its value, but no advantage flows back across the cut.
 */
export function gae(
  rewards: Float32Array,
  values: Float32Array,
  nextValues: Float32Array,
  terminated: Uint8Array,
  truncated: Uint8Array,
  advantages: Float32Array,
  returns: Float32Array,
  T: number,
  N: number,
  discount: number,
  lambda: number,
): void {
  for (let n = 0; n < N; n++) {
    let advantage = 0;
    for (let t = T - 1; t >= 0; t--) {
      const i = t * N + n;
      const alive = terminated[i] === 0 ? 1 : 0;
      const connected = truncated[i] === 0 ? alive : 0;
      const delta = rewards[i] + discount * alive * nextValues[i] - values[i];
      advantage = delta + discount * lambda * connected * advantage;
      advantages[i] = advantage;
      returns[i] = advantage + values[i];
    }
  }
}
