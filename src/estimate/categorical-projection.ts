import type { ValueSupport } from "../policy/policy.ts";
import type { Successors } from "./q-targets.ts";

/**
 * The distribution of r + γⁿ Z on the atoms of Z: each atom's mass goes where its value moves to, cut to the ends, and is
 * shared by the two atoms around that. Bellemare, Dabney & Munos 2017, https://arxiv.org/abs/1707.06887, Algorithm 1.
 *
 * `probabilities`, P(Z = zⱼ), and `projected` are [size, atoms].
 */
export function projectCategorical(
  { size, rewards, discounts }: Pick<Successors, "size" | "rewards" | "discounts">,
  probabilities: Float32Array,
  { low, high, atoms }: ValueSupport,
  projected: Float32Array,
): void {
  const spacing = (high - low) / (atoms - 1);
  projected.fill(0, 0, size * atoms);
  for (let row = 0; row < size; row++) {
    const first = row * atoms;
    for (let j = 0; j < atoms; j++) {
      const moved = rewards[row] + discounts[row] * (low + j * spacing);
      const place = (Math.min(Math.max(moved, low), high) - low) / spacing;
      // On an atom exactly, `share` is 0: the atom keeps all.
      const below = Math.min(Math.floor(place), atoms - 2);
      const share = place - below;
      const mass = probabilities[first + j];
      projected[first + below] += mass * (1 - share);
      projected[first + below + 1] += mass * share;
    }
  }
}
