import type { State } from "./state.ts";

/** A list of choices, by index, and how much of the policy's mind it is of. */
export interface FittedList {
  readonly list: readonly number[];
  /** Sum over visits of π(what the list takes), less a little for each entry. */
  readonly score: number;
}

const LONGEST = 10;
/** An entry must be worth this share of the visits. */
const ENTRY_COST = 5e-4;

/**
 * The list whose first entry that is untried and allowed is most often what the policy would take. Each entry is the one
 * that the policy likes best where those before it are used up.
 */
export function fitList(states: readonly State[], giveUp: number): FittedList {
  const list: number[] = [];
  while (list.length < LONGEST) {
    const best = likeliestAfter(list, states);
    if (best === giveUp) break;
    list.push(best);
  }
  return { list, score: scoreOf(list, states, giveUp) };
}

/** The same, improved by entries put in, taken out and moved, as long as that helps. */
export function refineList({ list, score }: FittedList, states: readonly State[], giveUp: number): FittedList {
  let best: FittedList = { list, score };
  for (let from: FittedList | null = null; from !== best; ) {
    from = best;
    for (const candidate of neighbours(from.list, states[0].weights.length, giveUp)) {
      const value = scoreOf(candidate, states, giveUp);
      if (value > best.score + 1e-9) best = { list: candidate, score: value };
    }
  }
  return best;
}

export function scoreOf(list: readonly number[], states: readonly State[], giveUp: number): number {
  return agreementOf(list, states, giveUp) - ENTRY_COST * visitsOf(states) * list.length;
}

/** Sum over visits of π(what the list takes). */
export function agreementOf(list: readonly number[], states: readonly State[], giveUp: number): number {
  let sum = 0;
  for (const state of states) sum += state.weights[taken(list, state) ?? giveUp];
  return sum;
}

/** How many visits states stand for. */
export function visitsOf(states: readonly State[]): number {
  let sum = 0;
  for (const { weights } of states) for (let i = 0; i < weights.length; i++) sum += weights[i];
  return sum;
}

/** What the list takes; null where it is used up. */
function taken(list: readonly number[], { tried, mask }: State): number | null {
  for (let i = 0; i < list.length; i++) {
    if (mask[list[i]] === 0) continue;
    let turns = 1;
    for (let j = 0; j < i; j++) if (list[j] === list[i]) turns++;
    if (turns > tried[list[i]]) return list[i];
  }
  return null;
}

/** What the policy likes best where the list is used up, of what an entry more would make possible. */
function likeliestAfter(list: readonly number[], states: readonly State[]): number {
  const sums = new Float64Array(states[0].weights.length);
  for (const state of states) {
    if (taken(list, state) !== null) continue;
    for (let i = 0; i < sums.length; i++) {
      const turns = 1 + list.filter((entry) => entry === i).length;
      if (turns > state.tried[i]) sums[i] += state.weights[i];
    }
  }
  return sums.indexOf(sums.reduce((a, b) => Math.max(a, b)));
}

function* neighbours(list: readonly number[], choices: number, giveUp: number): Generator<number[]> {
  for (let i = 0; i < list.length; i++) {
    const without = list.toSpliced(i, 1);
    yield without;
    for (let to = 0; to < list.length; to++) if (to !== i) yield without.toSpliced(to, 0, list[i]);
    for (let other = 0; other < choices; other++) if (other !== giveUp) yield list.with(i, other);
  }
  if (list.length === LONGEST) return;
  for (let entry = 0; entry < choices; entry++) {
    if (entry === giveUp) continue;
    for (let at = 0; at <= list.length; at++) yield list.toSpliced(at, 0, entry);
  }
}
