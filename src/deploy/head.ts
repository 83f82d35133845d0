import type { Box, Space } from "../env/space.ts";
import type { Random } from "../math/random.ts";
import { exp } from "../math/transcendental.ts";
import type { Policy } from "../policy/policy.ts";

/** What a network's outputs say about the next action. */
export type ActionDistribution =
  /** Of every choice in every place, one after the other; those of a place sum to 1. */
  | { readonly kind: "categorical"; readonly probabilities: Float32Array }
  /** That each switch is on. */
  | { readonly kind: "bernoulli"; readonly probabilities: Float32Array }
  /** Before the action is clipped to the Box. */
  | { readonly kind: "gaussian"; readonly mean: Float32Array; readonly standardDeviation: Float32Array };

/** From a network's outputs to an action, in numbers. A mask holds 1 where an action is allowed. */
export interface Head {
  /** How many outputs the network must have. */
  readonly outputs: number;
  /** Whether actions can be forbidden. */
  readonly masked: boolean;
  /** Writes the most likely action, or with `random` one by chance. */
  choose(outputs: Float32Array, action: Float32Array, mask: Uint8Array | undefined, random: Random | null): void;
  distribution(outputs: Float32Array, mask: Uint8Array | undefined): ActionDistribution;
}

/** The head for a policy's distribution and action space; refuses a pair that does not fit. */
export function createHead({ distribution, actionSpace, logStd }: HeadParts): Head {
  switch (distribution) {
    case "categorical":
      if (actionSpace.kind === "discrete") return categoricalHead([actionSpace.n]);
      if (actionSpace.kind === "multi-discrete") return categoricalHead(actionSpace.nvec);
      break;
    case "bernoulli":
      if (actionSpace.kind === "multi-binary") return bernoulliHead(actionSpace.n);
      break;
    case "gaussian":
      if (actionSpace.kind === "box" && logStd?.length === actionSpace.low.length)
        return gaussianHead(actionSpace, logStd);
      break;
    default:
      distribution satisfies never;
  }
  throw new TypeError(
    `createActor: a ${distribution} policy with ${logStd ? logStd.length : "no"} logStd cannot act in a ${actionSpace.kind} space.`,
  );
}

type HeadParts = Pick<Policy, "distribution" | "logStd"> & { readonly actionSpace: Space };

/** One choice in each place, sizes[i] choices in place i. */
function categoricalHead(sizes: readonly number[]): Head {
  const outputs = sizes.reduce((sum, size) => sum + size, 0);
  const probabilities = new Float32Array(outputs);

  return {
    outputs,
    masked: true,
    choose(logits, action, mask, random) {
      if (random) softmax(logits, mask, sizes, probabilities);
      for (let place = 0, offset = 0; place < sizes.length; offset += sizes[place++]) {
        const end = offset + sizes[place];
        const chosen = random ? draw(probabilities, offset, end, random.uniform()) : largest(logits, mask, offset, end);
        action[place] = chosen - offset;
      }
    },
    distribution(logits, mask) {
      softmax(logits, mask, sizes, probabilities);
      return { kind: "categorical", probabilities: probabilities.slice() };
    },
  };
}

/** Independent switches; a forbidden one stays off. */
function bernoulliHead(outputs: number): Head {
  const probability = (logit: number) => 1 / (1 + exp(-logit));
  return {
    outputs,
    masked: true,
    choose(logits, action, mask, random) {
      for (let i = 0; i < outputs; i++) {
        const on = random ? random.uniform() < probability(logits[i]) : logits[i] > 0;
        action[i] = Number(on && mask?.[i] !== 0);
      }
    },
    distribution(logits, mask) {
      const probabilities = logits.map((logit, i) => (mask?.[i] === 0 ? 0 : probability(logit)));
      return { kind: "bernoulli", probabilities };
    },
  };
}

/** Diagonal, with a deviation that does not depend on the state. */
function gaussianHead({ low, high }: Box, logStd: Float32Array): Head {
  return {
    outputs: logStd.length,
    masked: false,
    choose(mean, action, _mask, random) {
      for (let i = 0; i < mean.length; i++) {
        const wanted = random ? mean[i] + exp(logStd[i]) * random.normal() : mean[i];
        action[i] = Math.min(Math.max(wanted, low[i]), high[i]);
      }
    },
    distribution: (mean) => ({ kind: "gaussian", mean: mean.slice(), standardDeviation: logStd.map(exp) }),
  };
}

/** The first of the largest allowed logits between `offset` and `end`. */
function largest(logits: Float32Array, mask: Uint8Array | undefined, offset: number, end: number): number {
  let best = -1;
  for (let i = offset; i < end; i++) {
    if (mask?.[i] !== 0 && (best < 0 || logits[i] > logits[best])) best = i;
  }
  return refuseEmpty(best, offset, end);
}

/** In each place, pᵢ = exp(lᵢ − max) / Σ exp(lⱼ − max) over the allowed; the forbidden get 0. */
function softmax(
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
function draw(probabilities: Float32Array, offset: number, end: number, threshold: number): number {
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

function refuseEmpty(best: number, offset: number, end: number): number {
  if (best < 0)
    throw new RangeError(`act: the mask forbids all of the actions ${offset} to ${end - 1}; one must be allowed.`);
  return best;
}
