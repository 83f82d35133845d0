import type { Env } from "./env.ts";
import { type Box, type Dict, flatSize, partsOf, type Space } from "./space.ts";

/** Observations that tell what is reached and what is wanted, by Gymnasium-Robotics' names; there may be more parts. */
export type GoalSpace = Dict<{
  readonly observation: Space;
  readonly achieved_goal: Box;
  readonly desired_goal: Box;
}>;

/** What a goal decides of a step. Neither changes its arguments, nor keeps them. */
export interface GoalJudgement {
  /** The reward of a step that reached `achieved` where `desired` was wanted. */
  computeReward(achieved: Float32Array, desired: Float32Array): number;
  /** Whether the task ends there. Without it, goals have no part in where it ends. */
  computeTerminated?(achieved: Float32Array, desired: Float32Array): boolean;
}

/** A task that shows its goal, and can judge a step by any other goal as well. */
export type GoalEnv<O extends Space = GoalSpace, A extends Space = Space> = Env<O, A> & GoalJudgement;

/** Where the goals lie in a flattened observation. */
export interface GoalLayout {
  readonly achieved: number;
  readonly desired: number;
  /** Numbers per goal. */
  readonly size: number;
}

/** What keeps an environment from being a goal environment, to follow "it"; null where nothing does. */
export function whyNotGoalEnv(env: Env): string | null {
  return whyNotGoalSpace(env.observationSpace) ?? (judgementOf(env) ? null : "has no computeReward");
}

export function isGoalEnv<O extends Space, A extends Space>(env: Env<O, A>): env is GoalEnv<O, A> {
  return whyNotGoalEnv(env) === null;
}

export function whyNotGoalSpace(space: Space): string | null {
  const wanted = "a Dict with the parts observation, achieved_goal and desired_goal";
  if (space.kind !== "dict") return `shows a ${space.kind}, not ${wanted}`;
  const { observation, achieved_goal: achieved, desired_goal: desired } = space.spaces;
  if (!observation || !achieved || !desired)
    return `shows the parts ${Object.keys(space.spaces).join(", ")}, not ${wanted}`;
  const isPair = achieved.kind === "box" && desired.kind === "box" && achieved.low.length === desired.low.length;
  return isPair ? null : "has goals that are not two boxes of one size";
}

/** Its judgement alone, for a wrapper that changes neither observations nor rewards to pass on; null where there is none. */
export function judgementOf(env: object): GoalJudgement | null {
  const { computeReward, computeTerminated } = env as Partial<GoalJudgement>;
  if (typeof computeReward !== "function") return null;
  return {
    computeReward: computeReward.bind(env),
    ...(computeTerminated && { computeTerminated: computeTerminated.bind(env) }),
  };
}

export function goalLayout(space: Space): GoalLayout {
  const complaint = whyNotGoalSpace(space);
  if (complaint || space.kind !== "dict") throw new TypeError(`goalLayout: the environment ${complaint}.`);
  const offsets: Record<string, number> = {};
  let offset = 0;
  for (const [name, part] of partsOf(space)) {
    offsets[name] = offset;
    offset += flatSize(part);
  }
  const { achieved_goal: achieved, desired_goal: desired } = offsets;
  return { achieved, desired, size: flatSize(space.spaces["achieved_goal"]) };
}
