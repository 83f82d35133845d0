import type { Definition } from "../definition.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { type Episode, groupEpisodes } from "../record/episodes.ts";
import { totalReward } from "../reward.ts";
import { atOnce, PIECE } from "./pieces.ts";

/** A decision log as arrays: n decisions of whole episodes, in order; an episode's rows follow each other. */
export interface LogRows {
  /** n */
  readonly size: number;
  readonly episodes: number;
  /** [n, encoder.size] */
  readonly observations: Float32Array;
  /** 1 where a choice was allowed, [n, choices] */
  readonly masks: Uint8Array;
  /** What was chosen, as an index, [n] */
  readonly actions: Float32Array;
  /** What it was drawn from, [n, choices] */
  readonly chances: Float32Array;
  readonly rewards: Float32Array;
  /** 1 where the episode ended with this decision, [n] */
  readonly terminated: Uint8Array;
  /** The runbook's choice, as an index, [n] */
  readonly baselines: Int32Array;
  /** Decisions left out: of episodes cut off, or with choices and values that this planner does not know. */
  readonly leftOut: number;
}

/** Encodes a log for learning. Records of episodes that are not whole, or not of this planner's making, are counted and left out. */
export function logRows(definition: Definition, records: Iterable<DecisionRecord>): LogRows {
  return atOnce(encodingRows(definition, groupEpisodes(records)));
}

/** The same in pieces, of episodes put back together. */
export function* encodingRows(
  { name: planner, encoder, choices }: Definition,
  all: readonly Episode[],
): Generator<void, LogRows, void> {
  const places = new Map(choices.map(({ name, index }) => [name, index]));
  const observation = new Float32Array(encoder.size);
  const known = (record: DecisionRecord) =>
    record.planner === planner &&
    record.choices.length === choices.length &&
    record.choices.every((name, i) => name === choices[i].name) &&
    encoder.encode(record.features, record.class, record.history, observation) === null;

  const rows: DecisionRecord[] = [];
  let [episodes, decisions] = [0, 0];
  for (const { whole, records } of all) {
    decisions += records.length;
    if (!whole || !records.every(known)) continue;
    rows.push(...records);
    if (++episodes % PIECE === 0) yield;
  }

  const [n, width] = [rows.length, choices.length];
  const table = {
    size: n,
    episodes,
    observations: new Float32Array(n * encoder.size),
    masks: new Uint8Array(n * width),
    actions: new Float32Array(n),
    chances: new Float32Array(n * width),
    rewards: new Float32Array(n),
    terminated: new Uint8Array(n),
    baselines: new Int32Array(n),
    leftOut: decisions - n,
  };
  for (let i = 0; i < n; i++) {
    const record = rows[i];
    encoder.encode(record.features, record.class, record.history, observation);
    table.observations.set(observation, i * encoder.size);
    table.masks.set(record.mask, i * width);
    table.actions[i] = places.get(record.action) ?? 0;
    table.chances.set(record.probabilities, i * width);
    table.rewards[i] = totalReward(record.reward);
    table.terminated[i] = record.terminal ? 1 : 0;
    table.baselines[i] = places.get(record.baseline) ?? 0;
    if (i % PIECE === PIECE - 1) yield;
  }
  return table;
}
