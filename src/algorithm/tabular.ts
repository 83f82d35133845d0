import { type Countable, choicesOf, countOf, indexOf } from "../env/countable.ts";
import type { Env, VectorEnv } from "../env/env.ts";
import type { Discrete, Space } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import { createRandom, type Random } from "../math/random.ts";
import { exp, log } from "../math/transcendental.ts";
import type { ActionTable } from "../policy/action-table.ts";
import { createExploration } from "../policy/exploration.ts";
import type { Policy } from "../policy/policy.ts";
import type { Report, Session } from "./algorithm.ts";
import { explorationAt } from "./epsilon-greedy.ts";
import { NonFiniteError } from "./non-finite-error.ts";
import { recordPart, restoreSnapshot, takeSnapshot } from "./state.ts";
import { requireExploration, type TabularConfig } from "./tabular-options.ts";

/** What an algorithm that learns a table works with. Its loop: choose, `step`, `learn`, `advance`, and a report where one is due. */
export interface Tabular<O extends Countable, A extends Discrete> {
  readonly envs: VectorEnv<O, A>;
  /** Q, which is acted on, and further tables of its size. */
  readonly tables: readonly ActionTable[];
  /** S, [N] */
  readonly states: Int32Array;
  /** A, [N] */
  readonly actions: Float32Array;
  /** S′, [N], even where the episode ended or was cut. */
  readonly successors: Int32Array;
  /** Where chance comes from. */
  readonly random: Random;
  goesOn(): boolean;
  /** Draws an action from π(·|s), derived from Q. */
  choose(state: number): number;
  /** Σ π(a|s) Q(s, a) */
  expectation(state: number): number;
  /** Takes A; observes R and S′. */
  step(): void;
  /** Moves a table's value of S and A in environment n by α of the way to R + γ · `worth` of S′; returns where it stands. */
  learn(table: ActionTable, n: number, worth: number): number;
  /** S ← S′ in environment n, or the first state of its next episode. */
  advance(n: number): void;
  isReportDue(): boolean;
  report(): Report<O, A>;
}

/** Numbers that the tables may hold: half a gigabyte. */
const mostValues = 2 ** 27;

/** All of it, fresh or resumed, with `tableCount` tables. */
export function prepareTabular<O extends Countable, A extends Discrete>(
  algorithm: string,
  makeEnv: () => Env<O, A>,
  config: TabularConfig,
  tableCount: number,
  session: Session,
): Tabular<O, A> {
  requireExploration(algorithm, config);
  const { numEnvs: N, discount, learningRateExponent } = config;
  const random = createRandom(config.seed).split();
  const exploration = createExploration(config.exploration, random);
  const envs = vectorEnv(makeEnv, N);
  const { observations, finalObservations, actionMasks, observationSize, rewards, terminated, truncated } = envs;
  const { choices, states: stateCount, actions: actionCount } = requireCountable(algorithm, envs, tableCount);

  const size = stateCount * actionCount;
  const parameters = new Float32Array(tableCount * size).fill(config.initialValue);
  const visits = new Int32Array(learningRateExponent > 0 ? parameters.length : 0);
  const allowed = new Uint8Array(size).fill(1);
  const tables = Array.from({ length: tableCount }, (_, i): ActionTable => {
    const part = <T>(array: { subarray(from: number, to: number): T }) => array.subarray(i * size, (i + 1) * size);
    return { states: stateCount, actions: actionCount, values: part(parameters), visits: part(visits), allowed };
  });
  const [Q] = tables;
  const policy = tablePolicy(envs, Q, parameters);

  const [states, successors, upcoming] = [new Int32Array(N), new Int32Array(N), new Int32Array(N)];
  const actions = new Float32Array(N);
  const totalSteps = Math.max(1, Math.floor(config.totalSteps / N)) * N;
  const progress = { steps: 0 };
  const sums = { actionValue: 0, temporalDifference: 0, learningRate: 0, updates: 0 };
  const state = {
    arrays: { parameters, visits, allowed, actions },
    parts: { envs, random, progress: recordPart(progress) },
  };
  if (session.resume) restoreSnapshot(algorithm, state, session.resume);
  else envs.reset(config.seed);
  for (let n = 0; n < N; n++) {
    see(n, indexOf(choices, observations, n * observationSize));
    advance(n);
  }

  /** Environment n is to act in a state, in which its mask says what is allowed. */
  function see(n: number, index: number): void {
    upcoming[n] = index;
    if (!actionMasks) return;
    let count = 0;
    for (let action = 0; action < actionCount; action++) {
      const isAllowed = actionMasks[n * actionCount + action] === 0 ? 0 : 1;
      allowed[index * actionCount + action] = isAllowed;
      count += isAllowed;
    }
    if (count === 0) throw new RangeError(`${algorithm}: ${envs.id} forbade every action in state ${index}.`);
  }

  function advance(n: number): void {
    states[n] = upcoming[n];
  }

  /** ε or τ of the moment. */
  function amount(): number {
    return explorationAt(progress.steps / totalSteps, config);
  }

  /** α, or α / n^ω at the nth visit. */
  function rateAt(table: ActionTable, i: number): number {
    if (learningRateExponent === 0) return config.learningRate;
    table.visits[i] += 1;
    return config.learningRate * exp(-learningRateExponent * log(table.visits[i]));
  }

  return {
    envs,
    tables,
    states,
    actions,
    successors,
    random,
    advance,
    goesOn: () => progress.steps < totalSteps,
    choose: (state) => exploration.choose(Q, state, amount()),
    expectation: (state) => exploration.expectation(Q, state, amount()),

    step() {
      envs.step(actions);
      progress.steps += N;
      for (let n = 0; n < N; n++) {
        const successor = indexOf(choices, finalObservations, n * observationSize);
        const isOver = terminated[n] === 1 || truncated[n] === 1;
        successors[n] = successor;
        see(n, isOver ? indexOf(choices, observations, n * observationSize) : successor);
      }
    },

    learn(table, n, worth) {
      const { values } = table;
      const i = states[n] * actionCount + actions[n];
      const rate = rateAt(table, i);
      const difference = rewards[n] + discount * (1 - terminated[n]) * worth - values[i];
      values[i] += rate * difference;
      sums.actionValue += values[i];
      sums.temporalDifference += Math.abs(difference);
      sums.learningRate += rate;
      sums.updates += 1;
      return i;
    },

    isReportDue: () => progress.steps % config.reportEvery < N || progress.steps >= totalSteps,

    report() {
      const { updates, ...totals } = sums;
      const metrics = {
        actionValue: totals.actionValue / updates,
        temporalDifference: totals.temporalDifference / updates,
        learningRate: learningRateExponent === 0 ? config.learningRate : totals.learningRate / updates,
        exploration: amount(),
      };
      requireFinite(algorithm, progress.steps, metrics);
      Object.assign(sums, { actionValue: 0, temporalDifference: 0, learningRate: 0, updates: 0 });
      return {
        steps: progress.steps,
        totalSteps,
        policy,
        episodes: envs.drainEpisodes(),
        metrics,
        snapshot: () => takeSnapshot(state),
      };
    },
  };
}

/** Q as a network of one layer, on a one-hot of the state. */
function tablePolicy<O extends Space, A extends Space>(
  { observationSpace, actionSpace }: VectorEnv<O, A>,
  { states, actions, values }: ActionTable,
  parameters: Float32Array,
): Policy<O, A> {
  const bias = new Float32Array(actions);
  return {
    observationSpace,
    actionSpace,
    distribution: "action-values",
    encoding: "index",
    layers: [{ inputs: states, outputs: actions, activation: "identity", weights: values, bias }],
    logStd: null,
    normalization: null,
    parameters,
  };
}

function requireCountable(
  algorithm: string,
  { observationSpace, actionSpace }: { readonly observationSpace: Space; readonly actionSpace: Space },
  tableCount: number,
): { choices: readonly number[]; states: number; actions: number } {
  if (actionSpace.kind !== "discrete") {
    throw new TypeError(`${algorithm}: actions must be discrete, got ${actionSpace.kind}.`);
  }
  const choices = choicesOf(observationSpace);
  if (!choices) {
    const got = observationSpace.kind === "tuple" ? "a tuple with other parts" : observationSpace.kind;
    throw new TypeError(
      `${algorithm}: observations must be discrete, multi-discrete or a tuple of discretes, got ${got}.`,
    );
  }
  const [states, actions] = [countOf(choices), actionSpace.n];
  if (tableCount * states * actions <= mostValues) return { choices, states, actions };
  throw new RangeError(
    `${algorithm}: its tables may hold ${mostValues} values, got ${tableCount} of ${states} states by ${actions} actions.`,
  );
}

function requireFinite(algorithm: string, steps: number, metrics: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(metrics)) {
    if (Number.isFinite(value)) continue;
    throw new NonFiniteError(
      `${algorithm}: ${name} became ${value} by step ${steps}. A learningRate of at most 1, or a smaller discount, may help.`,
    );
  }
}
