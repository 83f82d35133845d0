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
      return space.start + pick(legalChoices(mask, [space.n])[0]);
    case "multi-discrete":
      return Int32Array.from(legalChoices(mask, space.nvec), pick);
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

/** What is wrong with a mask, as a clause; null where nothing is. Switches may all be forbidden: off is allowed always. */
export function whyNotMask(space: Space, mask: unknown): string | null {
  if (mask === undefined) return null;
  const logits = logitCount(space);
  if (!(mask instanceof Uint8Array) || mask.length !== logits) {
    return `info.actionMask was ${describeValue(mask)}; it must be a Uint8Array of ${logits}`;
  }
  const places = space.kind === "discrete" ? [space.n] : space.kind === "multi-discrete" ? space.nvec : [];
  const place = legalChoices(mask, places).findIndex((legal) => legal.length === 0);
  if (place < 0) return null;
  const what = space.kind === "discrete" ? "every action" : `every choice in place ${place}`;
  return `info.actionMask forbade ${what}; leave one, or end the episode`;
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
