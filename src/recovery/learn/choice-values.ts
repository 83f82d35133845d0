import { createRandom, type Random } from "../../math/random.ts";
import type { Definition } from "../definition.ts";
import type { LogRows } from "./log-rows.ts";
import { PIECE } from "./pieces.ts";
import { createRowNetwork, type Passes, type RowNetwork } from "./row-network.ts";

/** The passes are those of each regression. */
export interface ValueOptions extends Passes {
  /** Learners of Q that must agree before the runbook is left. */
  readonly members: number;
  /** Share of the episodes that each of them is shown: what only some episodes say, some members do not hear. */
  readonly memberShare: number;
  /** By how much a choice must look better than the runbook's to be taken in its place, in units of reward. */
  readonly margin: number;
  /** Regressions after the first, each of which improves the policy that is evaluated and looks a decision further. */
  readonly rounds: number;
  readonly hidden: readonly number[];
  readonly batchSize: number;
  readonly seed: number;
}

/**
 * How much better each choice looks than the runbook's, less the margin: the least that any member thinks, [n, choices].
 *
 * Policy iteration in a log. First Q of the log's own policy is learned, from the returns that followed; then, again and again,
 * Q of the policy that leaves the runbook only where all members see a gain: Q(s, a) ← r + Q(s′, π(s′)). A maximum over a′ would
 * believe whatever is overestimated; Lange, Gabel & Riedmiller 2012, https://doi.org/10.1007/978-3-642-27645-3_2.
 */
export function* choiceGains(
  definition: Definition,
  rows: LogRows,
  support: Uint8Array,
  options: ValueOptions,
): Generator<void, Float32Array, void> {
  const width = definition.choices.length;
  const { rewards, terminated, size } = rows;
  const random = createRandom(options.seed);
  const members: Member[] = [];
  for (let i = 0; i < options.members; i++) {
    yield;
    members.push(member(definition, rows, options, random.split()));
  }
  const gains = new Float32Array(size * width);
  const targets = returnsToGo(rows);
  for (const { values, network, order } of members) yield* regress(network, rows, order, targets, values, options);

  for (let round = 0; round < options.rounds; round++) {
    yield* leastGains(gains, members, rows, support, options.margin);
    for (const { values, network, order } of members) {
      for (let i = 0; i < size; i++) {
        const next = terminated[i] ? 0 : values[(i + 1) * width + chosen(gains, i + 1, width)];
        targets[i] = rewards[i] + next;
      }
      yield* regress(network, rows, order, targets, values, options);
    }
  }
  yield* leastGains(gains, members, rows, support, options.margin);
  return gains;
}

interface Member {
  readonly network: RowNetwork;
  /** The rows that it is shown. */
  readonly order: Int32Array;
  /** Q, [n, choices] */
  readonly values: Float32Array;
}

function member(definition: Definition, rows: LogRows, options: ValueOptions, random: Random): Member {
  const order: number[] = [];
  let isShown = false;
  for (let i = 0; i < rows.size; i++) {
    if (i === 0 || rows.terminated[i - 1] === 1) isShown = random.uniform() < options.memberShare;
    if (isShown) order.push(i);
  }
  const values = new Float32Array(rows.size * definition.choices.length);
  return { network: createRowNetwork(definition, options, random), order: Int32Array.from(order), values };
}

/** Brings Q(s, a) of the rows to the targets, and writes what it is now of all of them. */
function* regress(
  { fit, evaluate }: RowNetwork,
  { observations, actions }: LogRows,
  order: Int32Array,
  targets: Float32Array,
  values: Float32Array,
  passes: Passes,
): Generator<void, void, void> {
  const width = values.length / actions.length;
  yield* fit(
    observations,
    order,
    (outputs, rows, count, slopes) => {
      slopes.fill(0);
      for (let i = 0; i < count; i++) {
        const at = i * width + actions[rows[i]];
        slopes[at] = (2 / count) * (outputs[at] - targets[rows[i]]);
      }
    },
    passes,
  );
  yield* evaluate(observations, values);
}

/** What was earned from each decision to the end of its episode. */
function returnsToGo({ size, rewards, terminated }: LogRows): Float32Array {
  const returns = new Float32Array(size);
  for (let i = size - 1; i >= 0; i--) returns[i] = rewards[i] + (terminated[i] ? 0 : returns[i + 1]);
  return returns;
}

/** −∞ of what has no support; 0 of the runbook's own choice. */
function* leastGains(
  gains: Float32Array,
  members: readonly Member[],
  { size, baselines }: LogRows,
  support: Uint8Array,
  margin: number,
): Generator<void, void, void> {
  const width = gains.length / size;
  for (let i = 0; i < size; i++) {
    const reference = i * width + baselines[i];
    for (let at = i * width; at < (i + 1) * width; at++) {
      gains[at] = support[at] ? Infinity : -Infinity;
      for (const { values } of members) gains[at] = Math.min(gains[at], values[at] - values[reference] - margin);
    }
    gains[reference] = 0;
    if (i % PIECE === PIECE - 1) yield;
  }
}

/** The choice of row i that gains most. */
function chosen(gains: Float32Array, i: number, width: number): number {
  let best = 0;
  for (let a = 1; a < width; a++) if (gains[i * width + a] > gains[i * width + best]) best = a;
  return best;
}
