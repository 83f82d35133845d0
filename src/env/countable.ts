import type { Discrete, MultiDiscrete, Space, Tuple } from "./space.ts";

/** A space of so many values and no more: one choice, or several. */
export type Countable = Discrete | MultiDiscrete | Tuple<readonly Discrete[]>;

/** The choices in each place of a countable space; null of any other. */
export function choicesOf(space: Space): readonly number[] | null {
  if (space.kind === "discrete") return [space.n];
  if (space.kind === "multi-discrete") return space.nvec;
  if (space.kind !== "tuple") return null;
  const counts = space.spaces.flatMap((part) => (part.kind === "discrete" ? [part.n] : []));
  return counts.length === space.spaces.length ? counts : null;
}

/** How many values those are. */
export function countOf(choices: readonly number[]): number {
  return choices.reduce((product, n) => product * n, 1);
}

/** The number of a value whose one-hots lie from `offset` on: mixed radix, of which the last place counts fastest. */
export function indexOf(choices: readonly number[], flat: Float32Array, offset: number): number {
  let index = 0;
  let start = offset;
  for (let place = 0; place < choices.length; place++) {
    const n = choices[place];
    let choice = 0;
    while (choice < n - 1 && flat[start + choice] !== 1) choice++;
    index = index * n + choice;
    start += n;
  }
  return index;
}
