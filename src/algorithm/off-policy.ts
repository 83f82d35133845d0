import { isBounded, stretch } from "../env/bounded.ts";
import type { Env, VectorEnv } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import { vectorEnv } from "../env/vector-env.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { createRandom, type Random } from "../math/random.ts";
import { scheduled } from "../math/schedule.ts";
import type { Restorable, RestorableArrays } from "../math/snapshot.ts";
import { actionByChance } from "../policy/action-by-chance.ts";
import { createReplay, type Replay, shortestRing } from "../rollout/replay.ts";
import { createTransitions, type Transitions } from "../rollout/transitions.ts";
import type { Session } from "./algorithm.ts";
import type { OffPolicyConfig, PriorityConfig } from "./off-policy-options.ts";
import { prepareHindsight } from "./prepare-hindsight.ts";
import { replayReservation } from "./reservation.ts";
import { sessionKernel } from "./session-kernel.ts";
import { recordPart } from "./state.ts";

/** Writes an action for each observation [N, observationSize], as the networks know it: an index, or numbers from −1 to 1. */
export type Choose = (observations: Float32Array, masks: Uint8Array | null, actions: Float32Array) => void;

/** What an algorithm that learns from a replay works with. */
export interface OffPolicy<O extends Space, A extends Space> {
  readonly kernel: Kernel;
  readonly envs: VectorEnv<O, A>;
  readonly replay: Replay;
  /** Whence further streams are split. */
  readonly random: Random;
  /** Draws the actions. */
  readonly acting: Random;
  readonly progress: {
    /** Of the environments, summed over them. */
    steps: number;
    /** Gradient steps so far. */
    updates: number;
  };
  /** Of a run, rounded to whole rounds. */
  readonly totalSteps: number;
  /** Of the state that a snapshot holds. */
  readonly parts: Readonly<Record<string, Restorable>>;
  readonly stores: readonly RestorableArrays[];
  /** Where the environments start, or where a restored snapshot left them. */
  begin(isResumed: boolean): void;
  /** Takes `trainFrequency` steps in each environment, by chance until `learningStarts`, and keeps them in the replay. */
  interact(choose: Choose): void;
  /** Gradient steps due after it; 0 before there is anything to learn from. */
  gradientSteps(): number;
  /** M transitions, overwritten by the next call. */
  sample(): Transitions;
  /** Takes the errors δ of those just sampled, [M], for the draws to come; for nothing where they are even. */
  prioritize(errors: Float32Array): void;
  /** α now. */
  learningRate(): number;
  /** Whether it is time for a report. */
  isReportDue(): boolean;
}

/**
 * All of it, fresh. `networks` is how many of the hidden widths are held, targets included, `outputs` how many numbers
 * they put out for each action.
 */
export function prepareOffPolicy<O extends Space, A extends Space>(
  algorithm: string,
  makeEnv: () => Env<O, A>,
  config: OffPolicyConfig & Partial<PriorityConfig>,
  {
    kind,
    networks,
    outputs,
  }: { readonly kind: "box" | "discrete"; readonly networks: number; readonly outputs: number },
  session: Session,
): OffPolicy<O, A> {
  const { numEnvs: N, batchSize, bufferSize, discount, nSteps, trainFrequency } = config;
  const random = createRandom(config.seed);
  const [acting, sampling] = [random.split(), random.split()];
  const envs = vectorEnv(makeEnv, N);
  requireActionSpace(algorithm, envs.actionSpace, kind);
  if (bufferSize < shortestRing * N) {
    throw new RangeError(
      `${algorithm}: bufferSize must be at least ${shortestRing} rows for each of ${N} environments, got ${bufferSize}.`,
    );
  }
  const stepsPerRound = N * trainFrequency;
  const totalSteps = Math.max(1, Math.floor(config.totalSteps / stepsPerRound)) * stepsPerRound;
  // A run can fill no more rows than two a step: the transition, and the last observation of its episode.
  const capacity = Math.min(bufferSize, 2 * totalSteps + 2 * N);
  const choices = envs.actionSpace.kind === "discrete" ? envs.actionSpace.n : envs.actionSize;
  const needs = { capacity, networks, outputs: outputs * choices };
  const kernel = sessionKernel(session, replayReservation(envs, config, needs));
  const progress = { steps: 0, updates: 0 };
  const { prioritized = false, priorityExponent = 0, importanceExponent = 0 } = config;
  const priorities = prioritized && {
    exponent: priorityExponent,
    importance: () => importanceExponent + (1 - importanceExponent) * Math.min(1, progress.steps / totalSteps),
  };
  const replay = createReplay(kernel, envs, { capacity, discount, steps: nSteps, priorities: priorities || null });
  const relabel = prepareHindsight(algorithm, makeEnv, config, replay);
  const batch = createTransitions(kernel, envs, batchSize);

  const { observationSize, actionSize, actionSpace, actionMasks } = envs;
  const observations = kernel.float32(N * observationSize);
  const masks = actionMasks && kernel.uint8(actionMasks.length);
  const actions = kernel.float32(N * actionSize);
  const legal = new Float32Array(N * actionSize);
  const chance = byChance(actionSpace, acting);

  return {
    kernel,
    envs,
    replay,
    random,
    acting,
    progress,
    totalSteps,
    parts: { envs, acting, sampling, progress: recordPart(progress) },
    stores: [replay],

    begin(isResumed) {
      if (!isResumed) envs.reset(config.seed);
      replay.begin(envs);
    },

    interact(choose) {
      for (let t = 0; t < trainFrequency; t++) {
        observations.set(envs.observations);
        if (masks && actionMasks) masks.set(actionMasks);
        if (progress.steps < config.learningStarts) chance(observations, masks, actions);
        else choose(observations, masks, actions);
        if (actionSpace.kind === "box") stretch(actionSpace, actions, legal);
        else legal.set(actions);
        envs.step(legal);
        replay.add(envs, actions);
        progress.steps += N;
      }
    },

    gradientSteps() {
      if (progress.steps <= config.learningStarts) return 0;
      return config.gradientSteps > 0 ? config.gradientSteps : stepsPerRound;
    },

    sample() {
      replay.sample(batchSize, sampling, batch);
      relabel(batch, sampling);
      return batch;
    },

    prioritize(errors) {
      replay.priorities?.update(batch.rows, errors, batch.size);
    },

    learningRate: () => config.learningRate * scheduled(config.learningRateSchedule, progress.steps / totalSteps),

    isReportDue() {
      const before = progress.steps - stepsPerRound;
      const isLast = progress.steps >= totalSteps;
      return isLast || Math.floor(progress.steps / config.reportEvery) > Math.floor(before / config.reportEvery);
    },
  };
}

function requireActionSpace(algorithm: string, space: Space, kind: "box" | "discrete"): void {
  if (space.kind !== kind) throw new TypeError(`${algorithm}: actions must be ${kind}, got ${space.kind}.`);
  if (space.kind === "box" && !isBounded(space)) {
    throw new RangeError(
      `${algorithm}: each action must have both its bounds, got low [${space.low}], high [${space.high}].`,
    );
  }
}

/** Every action as likely, of those allowed. */
export function byChance(space: Space, random: Random): Choose {
  if (space.kind !== "discrete") {
    return (_observations, _masks, actions) => {
      for (let i = 0; i < actions.length; i++) actions[i] = 2 * random.uniform() - 1;
    };
  }
  const { n } = space;
  return (_observations, masks, actions) => {
    for (let row = 0; row < actions.length; row++) actions[row] = actionByChance(n, masks, row, random);
  };
}
