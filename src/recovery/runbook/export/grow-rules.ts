import type { Choice } from "../../action/action.ts";
import { escalation } from "../../action/choices.ts";
import type { FeatureValue } from "../../record/decision-record.ts";
import type { Condition } from "../condition.ts";
import type { RunbookRule } from "../runbook.ts";
import { agreementOf, type FittedList, fitList, refineList, scoreOf, visitsOf } from "./fit-list.ts";
import type { Dimension, State } from "./state.ts";

/** Of each dimension some values, and the list for the states that have them. */
interface Region extends FittedList {
  /** By dimension: which of its values, in order. */
  readonly places: readonly (readonly number[])[];
  readonly states: readonly State[];
}

/** Beyond this many values only one is split off from the rest. */
const SUBSETS_UP_TO = 6;

/**
 * Tables of one rule, of two, and so on: at each step the rule is split that gains the most of the policy's mind by it,
 * until nothing gains the share `least` of all visits.
 */
export function growRules(
  states: readonly State[],
  dimensions: readonly Dimension[],
  choices: readonly Choice[],
  { most, least }: { readonly most: number; readonly least: number },
): RunbookRule[][] {
  const giveUp = escalation(choices).index;
  const visits = visitsOf(states);
  const everything = dimensions.map(({ values }) => values.map((_, place) => place));
  let regions: Region[] = [{ places: everything, states, ...fitList(states, giveUp) }];
  const tables = [written(regions)];
  const splits = new Map<Region, ReturnType<typeof bestSplit>>();

  function written(parts: readonly Region[]): RunbookRule[] {
    const refined = parts.map((part) => ({ ...part, ...refineList(part, part.states, giveUp) }));
    return merged(refined, giveUp).map((part) => ruleOf(part, dimensions, choices, visits));
  }

  while (regions.length < most) {
    let chosen: Region | null = null;
    for (const region of regions) {
      if (!splits.has(region)) splits.set(region, bestSplit(region, dimensions, giveUp));
      if ((splits.get(region)?.gain ?? 0) > (chosen ? (splits.get(chosen)?.gain ?? 0) : least * visits))
        chosen = region;
    }
    const split = chosen && splits.get(chosen);
    if (!split) break;
    regions = regions.flatMap((region) => (region === chosen ? split.parts : [region]));
    tables.push(written(regions));
  }
  return tables;
}

function bestSplit(region: Region, dimensions: readonly Dimension[], giveUp: number) {
  let best: { readonly gain: number; readonly parts: readonly Region[] } | null = null;
  for (let d = 0; d < dimensions.length; d++) {
    for (const inside of cuts(region.places[d], dimensions[d].isOrdered)) {
      const parts = [true, false].flatMap((wanted) => {
        const states = region.states.filter(({ places }) => inside.includes(places[d]) === wanted);
        const kept = region.places[d].filter((place) => inside.includes(place) === wanted);
        return states.length > 0 ? [{ places: region.places.with(d, kept), states, ...fitList(states, giveUp) }] : [];
      });
      const gain = parts.length === 2 ? parts[0].score + parts[1].score - region.score : 0;
      if (gain > (best?.gain ?? 0)) best = { gain, parts };
    }
  }
  return best;
}

/** The ways to part some values in two, one of the parts of each. */
function cuts(places: readonly number[], isOrdered: boolean): number[][] {
  if (isOrdered) return places.slice(1).map((_, i) => places.slice(0, i + 1));
  if (places.length > SUBSETS_UP_TO) return places.map((place) => [place]);
  const subsets = Array.from({ length: Math.max(0, (1 << (places.length - 1)) - 1) }, (_, i) => i + 1);
  return subsets.map((subset) => places.filter((_, i) => (subset >> i) & 1));
}

/** Regions with one list, where they differ in one dimension only, become one; the largest come last, the smallest first. */
function merged(regions: readonly Region[], giveUp: number): Region[] {
  for (let i = 0; i < regions.length; i++) {
    for (let j = i + 1; j < regions.length; j++) {
      const [one, other] = [regions[i], regions[j]];
      if (String(one.list) !== String(other.list)) continue;
      const different = one.places.flatMap((places, d) => (String(places) === String(other.places[d]) ? [] : [d]));
      if (different.length !== 1) continue;
      const [d] = different;
      const places = one.places.with(
        d,
        [...one.places[d], ...other.places[d]].sort((a, b) => a - b),
      );
      const states = [...one.states, ...other.states];
      const union = { places, states, list: one.list, score: scoreOf(one.list, states, giveUp) };
      return merged([...regions.slice(0, i), union, ...regions.slice(i + 1, j), ...regions.slice(j + 1)], giveUp);
    }
  }
  return [...regions];
}

function ruleOf(
  { places, states, list }: Region,
  dimensions: readonly Dimension[],
  choices: readonly Choice[],
  visits: number,
): RunbookRule {
  const own = visitsOf(states);
  const when: Record<string, unknown> = {};
  dimensions.forEach(({ key, values, isOrdered }, d) => {
    if (places[d].length === values.length) return;
    const named = places[d].map((place) => values[place]);
    const isUnbroken = named.length === values.indexOf(named.at(-1) ?? null) - values.indexOf(named[0]) + 1;
    const asked = isOrdered && isUnbroken ? bounds(named, values) : named;
    const dot = key.indexOf(".");
    if (dot < 0) when[key] = asked;
    else when[key.slice(0, dot)] = { ...(when[key.slice(0, dot)] as object), [key.slice(dot + 1)]: asked };
  });
  return {
    when: when as Condition,
    do: list.map((index) => choices[index].name),
    note: `${percent(own / visits)} of the decisions; the policy agrees with ${percent(agreementOf(list, states, escalation(choices).index) / own)} of them`,
  };
}

function bounds(named: readonly FeatureValue[], values: readonly FeatureValue[]) {
  const [first, last] = [named[0], named[named.length - 1]];
  return {
    ...(first !== values[0] && { atLeast: first }),
    ...(last !== values[values.length - 1] && { atMost: last }),
  };
}

function percent(share: number): string {
  return `${Math.round(1000 * share) / 10} %`;
}
