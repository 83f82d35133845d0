import type { Random } from "../math/random.ts";
import { describeValue } from "./describe-value.ts";
import { logitCount, type Space, unknownSpace, type ValueOf } from "./space.ts";
import { sample } from "./space-value.ts";

/** A random action, by the mask where there is one. Composite actions have no masks, as no policy draws them. */
export function sampleLegal(space: Space, mask: Uint8Array | undefined, random: Random): ValueOf<Space> {
  if (!mask) return sample(space, random);
  const pick = (legal: readonly number[]) => legal[random.integer(legal.length)] ?? 0;
  switch (space.kind) {
    case "discrete":
      return space.start + pick(legalChoices(mask, sizesOf(space))[0]);
    case "multi-discrete":
      return Int32Array.from(legalChoices(mask, sizesOf(space)), pick);
    case "multi-binary":
      return sample(space, random).map((on, i) => (mask[i] === 0 ? 0 : on));
    case "box":
    case "dict":
    case "tuple":
      return sample(space, random);
    default:
      return unknownSpace("sampleLegal", space);
  }
}

/** The first place in which a mask leaves no choice, −1 where there is none. Switches may all be forbidden: off is allowed always. */
export function forbiddenPlace(space: Space, mask: Uint8Array): number {
  const sizes = sizesOf(space);
  for (let place = 0, choice = 0, end = 0; place < sizes.length; place++) {
    end += sizes[place];
    while (choice < end && mask[choice] === 0) choice++;
    if (choice === end) return place;
    choice = end;
  }
  return -1;
}

/** What is wrong with a mask, as a clause; null where nothing is. */
export function whyNotMask(space: Space, mask: unknown): string | null {
  if (mask === undefined) return null;
  const logits = logitCount(space);
  if (!(mask instanceof Uint8Array) || mask.length !== logits) {
    return `info.actionMask was ${describeValue(mask)}; it must be a Uint8Array of ${logits}`;
  }
  const place = forbiddenPlace(space, mask);
  if (place < 0) return null;
  const what = space.kind === "discrete" ? "every action" : `every choice in place ${place}`;
  return `info.actionMask forbade ${what}; leave one, or end the episode`;
}

/** How many choices there are in each place of which one must be taken. */
function sizesOf(space: Space): readonly number[] {
  if (space.kind === "discrete") return [space.n];
  return space.kind === "multi-discrete" ? space.nvec : [];
}

/** For each place, the choices that the mask allows. */
function legalChoices(mask: Uint8Array, sizes: readonly number[]): number[][] {
  let first = 0;
  return sizes.map((n) => {
    const places = mask.subarray(first, first + n);
    first += n;
    return [...places.keys()].filter((choice) => places[choice] !== 0);
  });
}
