import { log } from "../../math/transcendental.ts";
import { maskByFacts } from "../action/legality.ts";
import type { Definition } from "../definition.ts";
import type { Attempted, Failure } from "../failure.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord, FeatureValue } from "../record/decision-record.ts";
import type { Runbook } from "../runbook/runbook.ts";
import type { Explanation, Influence } from "./explanation.ts";

/** What was seen at some other time: what an explanation puts in the place of what was seen now. */
export type Sighting = Pick<DecisionRecord, "class" | "features">;

export interface ExplainerOptions {
  readonly definition: Pick<Definition, "choices" | "encoder" | "features" | "limits">;
  readonly policy: RecoveryPolicy;
  /** Decisions of a log, some dozens of them, or a specimen. */
  readonly reference: readonly Sighting[];
  /** Asked about live failures; a record knows what the runbook would have done. */
  readonly runbook?: Runbook;
}

export interface Explainer {
  record(record: DecisionRecord): Explanation;
  failure(failure: Failure): Explanation;
}

interface Situation extends Sighting {
  readonly service: string;
  readonly history: readonly Attempted[];
  readonly mask: Uint8Array;
  /** What the policy took, where it decided. */
  readonly taken: string | null;
  readonly baseline: string | null;
}

/** Chances below this are as good as none. */
const LEAST = 1e-9;

/** Explains what a policy decides, by what it would decide if one thing had been seen otherwise. */
export function createExplainer({ definition, policy, reference, runbook }: ExplainerOptions): Explainer {
  const { choices, encoder, features, limits } = definition;
  const observation = new Float32Array(encoder.size);
  const chances = new Float32Array(choices.length);

  /** log π(chosen) − log π(instead), or null where the policy does not know what it would see. */
  function preference(chosen: number, instead: number, seen: Sighting, { history, mask }: Situation): number | null {
    if (encoder.encode(seen.features, seen.class, history, observation) !== null) return null;
    policy.probabilities(observation, mask, chances);
    return log(Math.max(LEAST, chances[chosen])) - log(Math.max(LEAST, chances[instead]));
  }

  function explain(situation: Situation): Explanation {
    const unknown = encoder.encode(situation.features, situation.class, situation.history, observation);
    if (unknown !== null) throw new RangeError(`explain: the policy knows no ${unknown} such as was seen.`);
    policy.probabilities(observation, situation.mask, chances);
    const probabilities = choices
      .filter(({ index }) => situation.mask[index] === 1)
      .map(({ index, name }) => ({ choice: name, probability: chances[index] }))
      .sort((a, b) => b.probability - a.probability);
    const chosen = situation.taken ?? probabilities[0].choice;
    const others = probabilities.map(({ choice }) => choice).filter((name) => name !== chosen);
    const instead = others.find((name) => name === situation.baseline) ?? others[0] ?? null;
    const common = { service: situation.service, class: situation.class, baseline: situation.baseline };
    if (instead === null) return { ...common, chosen, instead, probabilities, preference: 0, influences: [] };

    const [one, other] = [chosen, instead].map((name) => choices.findIndex((choice) => choice.name === name));
    const now = preference(one, other, situation, situation) ?? 0;
    const influence = (name: string, seen: string, otherwise: readonly (number | null)[]): Influence => {
      const known = otherwise.filter((value) => value !== null);
      const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
      return { name, seen, change: known.length === 0 ? 0 : now - mean };
    };
    const influences = [
      ...Object.entries(situation.features).map(([name, value]) =>
        influence(
          name,
          shown(value),
          reference.map((past) => {
            const changed = { ...situation.features, [name]: past.features[name] };
            return preference(one, other, { class: situation.class, features: changed }, situation);
          }),
        ),
      ),
      influence(
        "class",
        situation.class,
        reference.map((past) => preference(one, other, { class: past.class, features: situation.features }, situation)),
      ),
      ...distinct(situation.history).map(({ choice, outcome }) => {
        const history = situation.history.filter((past) => past.choice !== choice);
        return influence(choice, `tried, met ${outcome}`, [
          preference(one, other, situation, { ...situation, history }),
        ]);
      }),
    ];
    influences.sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
    return { ...common, chosen, instead, probabilities, preference: now, influences };
  }

  return {
    record: (record) =>
      explain({
        ...record,
        mask: Uint8Array.from(record.mask),
        taken: record.decider === "policy" ? record.action : null,
      }),
    failure(failure) {
      const mask = new Uint8Array(choices.length);
      maskByFacts(choices, failure, limits, mask);
      const seen = features(failure);
      const baseline = runbook ? choices[runbook.choose(failure, choices, mask, seen)].name : null;
      return explain({ ...failure, features: seen, mask, taken: null, baseline });
    },
  };
}

/** The last try of each choice. */
function distinct(history: readonly Attempted[]): Attempted[] {
  return history.filter(({ choice }, i) => !history.slice(i + 1).some((later) => later.choice === choice));
}

function shown(value: FeatureValue): string {
  if (value === null) return "none";
  return typeof value === "number" ? String(Number(value.toPrecision(3))) : String(value);
}
