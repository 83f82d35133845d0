import { isBounded } from "../../env/bounded.ts";
import type { Space } from "../../env/space.ts";
import type { Policy } from "../../policy/policy.ts";
import { actionValuesHead, valueDistributionHead } from "./action-values.ts";
import { bernoulliHead } from "./bernoulli.ts";
import { categoricalHead } from "./categorical.ts";
import { deterministicHead } from "./deterministic.ts";
import { gaussianHead, squashedGaussianHead } from "./gaussian.ts";
import type { Head } from "./head.ts";

type HeadParts = Pick<Policy, "distribution" | "logStd" | "support"> & { readonly actionSpace: Space };

/** The head for a policy's distribution and action space; refuses a pair that does not fit. */
export function createHead({ distribution, actionSpace, logStd, support }: HeadParts): Head {
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
    case "squashed-gaussian":
      if (actionSpace.kind === "box" && isBounded(actionSpace)) return squashedGaussianHead(actionSpace);
      break;
    case "deterministic":
      if (actionSpace.kind === "box" && isBounded(actionSpace)) return deterministicHead(actionSpace);
      break;
    case "action-values":
      if (actionSpace.kind === "discrete") return actionValuesHead(actionSpace.n);
      break;
    case "value-distribution":
      if (actionSpace.kind === "discrete" && support) return valueDistributionHead(actionSpace.n, support);
      break;
    default:
      distribution satisfies never;
  }
  throw new TypeError(
    `createActor: a ${distribution} policy with ${logStd ? logStd.length : "no"} logStd${support ? " and a support" : ""} ` +
      `cannot act in a ${describe(actionSpace)}.`,
  );
}

function describe(space: Space): string {
  return space.kind === "box" && !isBounded(space) ? "box without bounds" : `${space.kind} space`;
}
