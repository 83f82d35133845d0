/**
 * Constants in all four lanes, loaded from memory where they are used: engines do not hold a constant vector over a loop
 * but build it anew in every round, and that costs more than a load.
 */

@inline export function constant(address: usize): v128 {
  return v128.load32_splat(address);
}

export const half = memory.data<f32>([0.5]);
export const one = memory.data<f32>([1]);
export const two = memory.data<f32>([2]);

const kept: usize = memory.data(64, 64);

/** Puts a number that a loop needs where the loop can load it. `place` is from 0 to 15. */
@inline export function keep(place: usize, value: f32): usize {
  store<f32>(kept + (place << 2), value);
  return kept + (place << 2);
}
