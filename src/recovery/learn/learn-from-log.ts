import { exp } from "../../math/transcendental.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { type FitOptions, type Imitation, imitate } from "./choice-network.ts";
import { choiceGains, type ValueOptions } from "./choice-values.ts";
import { type LogRows, logRows } from "./log-rows.ts";
import { atOnce, PIECE } from "./pieces.ts";
import type { Pretrained } from "./pretrain.ts";

export interface LogLearningOptions extends ValueOptions {
  /** A choice counts as supported where the log's own policy, cloned, takes it at least this often. */
  readonly minPropensity: number;
  /** How much better, in units of reward, a choice must look to be e times as likely. */
  readonly temperature: number;
  /** Fewer decisions than this teach nothing. */
  readonly minDecisions: number;
  /** Of the clone, and of the policy that is learned. */
  readonly fit: Partial<FitOptions>;
}

export const logLearningDefaults: LogLearningOptions = {
  minPropensity: 0.02,
  temperature: 0.01,
  margin: 0.08,
  members: 3,
  memberShare: 1,
  rounds: 3,
  hidden: [64, 64],
  batchSize: 256,
  epochs: 12,
  minSteps: 1000,
  learningRate: 5e-3,
  minDecisions: 500,
  fit: {},
  seed: 0,
};

export interface LearnedFromLog extends Pretrained {
  /** What decided in the log, as far as it can be told: its propensities. */
  readonly clone: RecoveryPolicy;
  readonly rows: LogRows;
  /** Share of the decisions in which it would rather not do what the runbook does. */
  readonly changed: number;
}

/**
 * Learns from what was logged, without a single new failure. First the log's policy is cloned; then values are learned that look
 * only at choices which the clone supports; then choices are made by these values, again only where there is support.
 * Fujimoto et al. 2019, https://arxiv.org/abs/1910.01708, discrete BCQ, with a margin and a softmax in place of its maximum.
 */
export function learnFromLog(
  definition: Definition,
  records: Iterable<DecisionRecord>,
  options: Partial<LogLearningOptions> = {},
): LearnedFromLog {
  return atOnce(learningFromRows(definition, logRows(definition, records), options));
}

/** The same in pieces of a few milliseconds each. */
export function* learningFromRows(
  definition: Definition,
  rows: LogRows,
  options: Partial<LogLearningOptions> = {},
): Generator<void, LearnedFromLog, void> {
  const config = { ...logLearningDefaults, ...options };
  const { minPropensity, minDecisions, temperature, fit, seed } = config;
  if (rows.size < minDecisions) {
    throw new RangeError(
      `learnFromLog: ${definition.name} has ${rows.size} decisions to learn from (${rows.leftOut} left out); at least ${minDecisions} are needed.`,
    );
  }
  const clone = yield* cloning(definition, rows, { ...fit, seed });
  const gains = yield* choiceGains(definition, rows, supported(rows, clone.chances, minPropensity), config);
  const targets = yield* softmax(gains, rows.size, temperature);
  const { chances, ...learned } = yield* imitate(definition, { ...rows, targets }, { ...fit, seed }, "learn-from-log");
  return { ...learned, clone: clone.policy, rows, changed: changedShare(rows, chances) };
}

/** The policy that a log was made by, from what it chose alone: where propensities were not written down, these are they. */
export function cloneLog(definition: Definition, rows: LogRows, options: Partial<FitOptions> = {}): Imitation {
  return atOnce(cloning(definition, rows, options));
}

function cloning(definition: Definition, rows: LogRows, options: Partial<FitOptions>) {
  const width = definition.choices.length;
  const targets = new Float32Array(rows.size * width);
  for (let i = 0; i < rows.size; i++) targets[i * width + rows.actions[i]] = 1;
  return imitate(definition, { ...rows, targets }, options, "clone");
}

/** 1 where the log can have taken a choice, and the clone does so often enough to know what comes of it; always what the runbook would do. */
function supported({ size, baselines, chances: logged }: LogRows, chances: Float32Array, least: number): Uint8Array {
  const support = new Uint8Array(chances.length);
  const width = chances.length / size;
  for (let i = 0; i < chances.length; i++) support[i] = logged[i] > 0 && chances[i] >= least ? 1 : 0;
  for (let i = 0; i < size; i++) support[i * width + baselines[i]] = 1;
  return support;
}

/** π(a|s) ∝ exp(gain / τ), row by row: where no choice gains, the runbook's. */
function* softmax(gains: Float32Array, size: number, temperature: number): Generator<void, Float32Array, void> {
  const chances = new Float32Array(gains.length);
  const width = gains.length / size;
  for (let at = 0; at < gains.length; at += width) {
    let highest = -Infinity;
    for (let i = at; i < at + width; i++) highest = Math.max(highest, gains[i]);
    let sum = 0;
    for (let i = at; i < at + width; i++) {
      chances[i] = gains[i] === -Infinity ? 0 : exp((gains[i] - highest) / temperature);
      sum += chances[i];
    }
    for (let i = at; i < at + width; i++) chances[i] /= sum;
    if (at % (PIECE * width) === 0) yield;
  }
  return chances;
}

function changedShare({ size, baselines }: LogRows, chances: Float32Array): number {
  const width = chances.length / size;
  let changed = 0;
  for (let i = 0; i < size; i++) if (chances[i * width + baselines[i]] < 0.5) changed++;
  return changed / size;
}
