import { argMax } from "../../math/arg-max.ts";
import { exp } from "../../math/transcendental.ts";

/** The first of the largest allowed logits between `offset` and `end`; refuses a mask that leaves none. */
export function largest(logits: Float32Array, mask: Uint8Array | undefined, offset: number, end: number): number {
  const best = argMax(logits, mask, offset, end);
  if (best >= 0) return best;
  throw new RangeError(`act: the mask forbids all of the actions ${offset} to ${end - 1}; one must be allowed.`);
}

/** In each place, pᵢ = exp(lᵢ − max) / Σ exp(lⱼ − max) over the allowed; the forbidden get 0. */
export function softmax(
  logits: Float32Array,
  mask: Uint8Array | undefined,
  sizes: readonly number[],
  probabilities: Float32Array,
): void {
  let offset = 0;
  for (const size of sizes) {
    const end = offset + size;
    const max = logits[largest(logits, mask, offset, end)];
    let total = 0;
    for (let i = offset; i < end; i++) {
      probabilities[i] = mask?.[i] === 0 ? 0 : exp(logits[i] - max);
      total += probabilities[i];
    }
    for (let i = offset; i < end; i++) probabilities[i] /= total;
    offset = end;
  }
}

/** The index where the running sum of probabilities passes `threshold`. */
export function draw(probabilities: Float32Array, offset: number, end: number, threshold: number): number {
  let last = offset;
  let sum = 0;
  for (let i = offset; i < end; i++) {
    if (probabilities[i] === 0) continue;
    last = i;
    sum += probabilities[i];
    if (threshold < sum) break;
  }
  return last; // rounding can leave the sum just short of 1
}
