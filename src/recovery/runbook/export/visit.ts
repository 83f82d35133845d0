import { createRandom } from "../../../math/random.ts";
import type { Definition } from "../../definition.ts";
import type { Failure } from "../../failure.ts";
import type { RecoveryPolicy } from "../../policy.ts";
import type { DecisionRecord, FeatureValue } from "../../record/decision-record.ts";
import { startRun } from "../../simulation/simulated-run.ts";
import type { Simulator } from "../../simulation/simulator.ts";

/** A failure that was met, and what the policy made of it. */
export interface Visit {
  /** What a rule may ask of: "class", "service", "attempt", "tags.freshness", "features.critical". */
  readonly seen: Readonly<Record<string, FeatureValue>>;
  readonly tried: readonly string[];
  readonly mask: ArrayLike<number>;
  readonly probabilities: ArrayLike<number>;
}

/** How likely a policy takes each choice, [choices]; masked ones 0. */
export type Advise = (failure: Failure, mask: Uint8Array) => Float32Array;

/** What a learned policy says of a failure. */
export function adviceOf({ choices, encoder, features }: Definition, policy: RecoveryPolicy): Advise {
  const observation = new Float32Array(encoder.size);
  return (failure, mask) => {
    const unknown = encoder.encode(features(failure), failure.class, failure.history, observation);
    if (unknown !== null) throw new RangeError(`exportRunbook: the policy knows no ${unknown} such as was met.`);
    const probabilities = new Float32Array(choices.length);
    policy.probabilities(observation, mask, probabilities);
    return probabilities;
  };
}

/** What `advise` says of the failures that are met where `decide` decides. */
export function visitsIn(
  simulator: Simulator,
  definition: Definition,
  advise: Advise,
  decide: (failure: Failure, mask: Uint8Array, probabilities: Float32Array) => number,
  { episodes, seed }: { readonly episodes: number; readonly seed: number },
): Visit[] {
  const random = createRandom(seed);
  const visits: Visit[] = [];
  for (let i = 0; i < episodes; i++) {
    const run = startRun(simulator, definition, random);
    for (let ending = null; ending === null; ) {
      const { failure } = run;
      const mask = run.mask.slice();
      const probabilities = advise(failure, mask);
      const tried = failure.history.map(({ choice }) => choice);
      visits.push({ seen: seenIn(failure, definition.features(failure)), tried, mask, probabilities });
      ending = run.take(decide(failure, mask, probabilities)).ending;
    }
  }
  return visits;
}

/** The decisions of a log for which a learned policy was consulted. */
export function visitsOf(records: Iterable<DecisionRecord>): Visit[] {
  const visits: Visit[] = [];
  for (const record of records) {
    const { policyProbabilities: probabilities, history, mask } = record;
    if (probabilities === null) continue;
    const seen = seenIn({ ...record, attempt: record.step + 1, tags: {} }, record.features);
    visits.push({ seen, tried: history.map(({ choice }) => choice), mask, probabilities });
  }
  return visits;
}

function seenIn(
  { class: met, service, attempt, tags }: Pick<Failure, "class" | "service" | "attempt" | "tags">,
  features: Readonly<Record<string, FeatureValue>>,
): Record<string, FeatureValue> {
  const seen: Record<string, FeatureValue> = { class: met.toUpperCase(), service, attempt };
  for (const name of Object.keys(tags)) seen[`tags.${name}`] = tags[name];
  for (const name of Object.keys(features)) seen[`features.${name}`] = features[name];
  return seen;
}
