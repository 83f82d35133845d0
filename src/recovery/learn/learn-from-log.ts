import { type FittedQIterationConfig, fitActionValues } from "../../algorithm/fitted-q-iteration.ts";
import { type Actor, createActor } from "../../deploy/act.ts";
import { box, discrete } from "../../env/space.ts";
import { argMax } from "../../math/arg-max.ts";
import { exp } from "../../math/transcendental.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { type FitOptions, fitChoices } from "./choice-network.ts";
import { type LogRows, logRows } from "./log-rows.ts";
import type { Pretrained } from "./pretrain.ts";

export interface LogLearningOptions {
  /** A choice counts as supported where the log's own policy, cloned, takes it at least this often. */
  readonly minPropensity: number;
  /** How much better, in units of reward, a choice must look to be e times as likely. */
  readonly temperature: number;
  /** By how much a choice must look better than the runbook's to be taken in its place. */
  readonly margin: number;
  /** Learners of Q that must agree before the runbook is left. */
  readonly members: number;
  /** Fewer decisions than this teach nothing. */
  readonly minDecisions: number;
  readonly fit: Partial<FitOptions>;
  readonly values: Partial<FittedQIterationConfig>;
  readonly seed: number;
}

export const logLearningDefaults: LogLearningOptions = {
  minPropensity: 0.02,
  temperature: 0.01,
  margin: 0.05,
  members: 3,
  minDecisions: 500,
  fit: {},
  values: {
    iterations: 10,
    regressor: "network",
    epochs: 6,
    batchSize: 256,
    learningRate: 1e-3,
    hidden: [64, 64],
    discount: 1,
  },
  seed: 0,
};

export interface LearnedFromLog extends Pretrained {
  /** What decided in the log, as far as it can be told: its propensities. */
  readonly clone: RecoveryPolicy;
  readonly rows: LogRows;
}

/**
 * Learns from what was logged, without a single new failure. First the log's policy is cloned; then values are learned that look
 * only at choices which the clone supports; then choices are made by these values, again only where there is support.
 * Fujimoto et al. 2019, https://arxiv.org/abs/1910.01708, discrete BCQ, with a softmax in place of its maximum.
 */
export function learnFromLog(
  definition: Definition,
  records: Iterable<DecisionRecord>,
  options: Partial<LogLearningOptions> = {},
): LearnedFromLog {
  const config = { ...logLearningDefaults, ...options };
  const { minPropensity, minDecisions, fit, seed } = config;
  const rows = logRows(definition, records);
  if (rows.size < minDecisions) {
    throw new RangeError(
      `learnFromLog: ${definition.name} has ${rows.size} decisions to learn from (${rows.leftOut} left out); at least ${minDecisions} are needed.`,
    );
  }
  const clone = cloneLog(definition, rows, { ...fit, seed }).policy;
  const support = supported(definition, rows, clone, minPropensity);
  const targets = improved(definition, rows, support, {
    ...config,
    values: { ...logLearningDefaults.values, ...config.values },
  });
  const learned = fitChoices(definition, { ...rows, targets }, { ...fit, seed }, "learn-from-log");
  return { ...learned, clone, rows };
}

/** The policy that a log was made by, from what it chose alone: where propensities were not written down, these are they. */
export function cloneLog(definition: Definition, rows: LogRows, options: Partial<FitOptions> = {}): Pretrained {
  const width = definition.choices.length;
  const targets = new Float32Array(rows.size * width);
  for (let i = 0; i < rows.size; i++) targets[i * width + rows.actions[i]] = 1;
  return fitChoices(definition, { ...rows, targets }, options, "clone");
}

/** 1 where the clone takes a choice often enough for the log to know what comes of it; always what it takes most. */
function supported({ encoder, choices }: Definition, rows: LogRows, clone: RecoveryPolicy, least: number): Uint8Array {
  const width = choices.length;
  const support = new Uint8Array(rows.size * width);
  const chances = new Float32Array(width);
  for (let i = 0; i < rows.size; i++) {
    const observation = rows.observations.subarray(i * encoder.size, (i + 1) * encoder.size);
    clone.probabilities(observation, rows.masks.subarray(i * width, (i + 1) * width), chances);
    for (let a = 0; a < width; a++) support[i * width + a] = chances[a] >= least ? 1 : 0;
    support[i * width + argMax(chances, undefined, 0, width)] = 1;
  }
  return support;
}

/**
 * π(a|s) ∝ exp(A(s, a) / τ) over what is supported, where A is the least that any of several learners of Q thinks a to be better
 * than the runbook's choice: where they disagree, there is no reason to leave the runbook.
 */
function improved(
  { encoder, choices }: Definition,
  rows: LogRows,
  support: Uint8Array,
  {
    values,
    temperature,
    margin,
    members,
    seed,
  }: Pick<LogLearningOptions, "values" | "temperature" | "margin" | "members" | "seed">,
): Float32Array {
  const [width, inputs] = [choices.length, encoder.size];
  const observationSpace = box({ low: -Infinity, high: Infinity, shape: [inputs] });
  const spaces = { observationSpace, actionSpace: discrete(width) };
  const nextObservations = shifted(rows.observations, inputs);
  const nextMasks = shifted(support, width);
  const advantages = new Float32Array(rows.size * width).fill(Infinity);
  for (let member = 0; member < members; member++) {
    const act = lastActor(
      fitActionValues({ ...rows, nextObservations, nextMasks }, spaces, { ...values, seed: seed + member }),
    );
    for (let i = 0; i < rows.size; i++) {
      const told = act.distributionAt(rows.observations.subarray(i * inputs, (i + 1) * inputs));
      if (told.kind !== "action-values") continue;
      const reference = told.values[rows.baselines[i]];
      for (let a = 0; a < width; a++) {
        const gain = told.values[a] - reference - (a === rows.baselines[i] ? 0 : margin);
        advantages[i * width + a] = Math.min(advantages[i * width + a], gain);
      }
    }
  }
  const targets = new Float32Array(rows.size * width);
  for (let i = 0; i < rows.size; i++) softmaxInto(targets, i * width, width, advantages, support, temperature);
  return targets;
}

function lastActor(fits: ReturnType<typeof fitActionValues>): Actor {
  let actor: Actor | null = null;
  for (const { policy } of fits) actor = createActor(policy);
  if (!actor) throw new RangeError("learnFromLog: values.iterations must be a positive integer.");
  return actor;
}

function softmaxInto(
  out: Float32Array,
  at: number,
  width: number,
  values: Float32Array,
  support: Uint8Array,
  temperature: number,
): void {
  let highest = -Infinity;
  for (let i = at; i < at + width; i++) if (support[i]) highest = Math.max(highest, values[i]);
  let sum = 0;
  for (let i = at; i < at + width; i++) {
    out[i] = support[i] ? exp((values[i] - highest) / temperature) : 0;
    sum += out[i];
  }
  for (let i = at; i < at + width; i++) out[i] /= sum;
}

/** The row after each; the last one's is its own, which nobody asks for since it ended. */
function shifted<A extends Float32Array | Uint8Array>(rows: A, width: number): A {
  const next = rows.slice() as A;
  next.set(rows.subarray(width) as never, 0);
  return next;
}
