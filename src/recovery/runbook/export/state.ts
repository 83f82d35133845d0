import type { Choice } from "../../action/action.ts";
import type { FeatureValue } from "../../record/decision-record.ts";
import type { Visit } from "./visit.ts";

/** Something that rules may ask of, with the values that were seen of it. */
export interface Dimension {
  readonly key: string;
  readonly values: readonly FeatureValue[];
  /** Rules cut it in two at a bound, instead of choosing among its values. */
  readonly isOrdered: boolean;
}

/** Visits that are the same to a table: what is seen, tried and allowed. */
export interface State {
  /** Which value of each dimension. */
  readonly places: Uint8Array;
  /** How often each choice was tried, [choices]. */
  readonly tried: Uint8Array;
  readonly mask: Uint8Array;
  /** Sum of π over its visits, [choices]. */
  readonly weights: Float64Array;
}

/** More values than this are too many to name in a rule. */
const MOST_VALUES = 12;

/** What tells visits apart and can be written in a rule; of two that say the same the first is kept. */
export function dimensionsOf(visits: readonly Visit[]): Dimension[] {
  const keys = [...new Set(visits.flatMap(({ seen }) => Object.keys(seen)))];
  const kept: Dimension[] = [];
  for (const key of inOrder(keys)) {
    const values = [...new Set(visits.map(({ seen }) => seen[key] ?? null))].sort(byText);
    const isOrdered = key === "attempt";
    const isNameable =
      isOrdered || (values.length <= MOST_VALUES && values.every((value) => typeof value !== "number"));
    if (values.length < 2 || values.length > 255 || !isNameable) continue;
    if (!kept.some((other) => saySame(visits, key, other.key))) {
      kept.push({ key, values: isOrdered ? values.toSorted((a, b) => Number(a) - Number(b)) : values, isOrdered });
    }
  }
  return kept;
}

export function statesOf(
  visits: readonly Visit[],
  dimensions: readonly Dimension[],
  choices: readonly Choice[],
): State[] {
  const places = dimensions.map(({ values }) => new Map(values.map((value, place) => [value, place])));
  const indices = new Map(choices.map(({ name, index }) => [name, index]));
  const states = new Map<string, State>();
  for (const { seen, tried, mask, probabilities } of visits) {
    const place = dimensions.map(({ key }, d) => places[d].get(seen[key] ?? null) ?? 0);
    const turns = new Uint8Array(choices.length);
    for (const name of tried) turns[indices.get(name) ?? 0]++;
    const key = `${place}|${turns}|${Array.from(mask)}`;
    let state = states.get(key);
    if (!state) {
      const weights = new Float64Array(choices.length);
      state = { places: Uint8Array.from(place), tried: turns, mask: Uint8Array.from(mask), weights };
      states.set(key, state);
    }
    for (let i = 0; i < choices.length; i++) state.weights[i] += probabilities[i];
  }
  return [...states.values()];
}

/** What every failure has first, then tags, which hold also where features fail. */
function inOrder(keys: readonly string[]): string[] {
  const ranks = [/^class$/, /^service$/, /^tags\./, /^attempt$/, /^features\./];
  return ranks.flatMap((rank) => keys.filter((key) => rank.test(key)).sort());
}

/** Whether either value follows from the other in every visit. */
function saySame(visits: readonly Visit[], one: string, other: string): boolean {
  const [forth, back] = [new Map<FeatureValue, FeatureValue>(), new Map<FeatureValue, FeatureValue>()];
  for (const { seen } of visits) {
    const [a, b] = [seen[one] ?? null, seen[other] ?? null];
    if ((forth.get(a) ?? b) !== b || (back.get(b) ?? a) !== a) return false;
    forth.set(a, b);
    back.set(b, a);
  }
  return true;
}

/** By code unit, whatever the host's language. */
function byText(a: FeatureValue, b: FeatureValue): number {
  const [left, right] = [String(a), String(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}
