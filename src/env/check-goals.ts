import { createRandom } from "../math/random.ts";
import { sampleLegal } from "./action-mask.ts";
import type { Env } from "./env.ts";
import { type GoalJudgement, judgementOf, whyNotGoalSpace } from "./goal-env.ts";

interface Goals {
  readonly achieved_goal: Float32Array;
  readonly desired_goal: Float32Array;
}

/** Steps whose rewards are computed again. */
const steps = 200;

/** What is wrong with the goals of an environment, a sentence each; nothing where it shows none and judges none. */
export function complainOfGoals(env: Env, seed: number): string[] {
  const judgement = judgementOf(env);
  if (!judgement) return [];
  const complaint = whyNotGoalSpace(env.observationSpace);
  if (complaint) return [`It has computeReward, but ${complaint}.`];

  const random = createRandom(seed);
  let { info } = env.reset({ seed });
  for (let t = 1; t <= steps; t++) {
    const step = env.step(sampleLegal(env.actionSpace, info.actionMask, random));
    const wrong = misjudged(judgement, step, step.observation as unknown as Goals);
    if (wrong) return [`Step ${t} ${wrong}`];
    ({ info } = step.terminated || step.truncated ? env.reset() : step);
  }
  return [];
}

function misjudged(
  { computeReward, computeTerminated }: GoalJudgement,
  { reward, terminated }: { readonly reward: number; readonly terminated: boolean },
  { achieved_goal: achieved, desired_goal: desired }: Goals,
): string | null {
  const before = [...achieved, ...desired];
  const computed = computeReward(achieved, desired);
  // Goals are shown in single precision, rewards may come from double.
  if (!(Math.abs(computed - reward) <= 1e-5 * Math.max(1, Math.abs(reward)))) {
    return `returned reward ${reward}, of whose goals computeReward makes ${computed}; the two must agree.`;
  }
  const ends = computeTerminated?.(achieved, desired) ?? terminated;
  if (ends !== terminated) {
    return `returned terminated ${terminated}, of whose goals computeTerminated makes ${ends}; the two must agree.`;
  }
  const isKept = [...achieved, ...desired].every((x, i) => x === before[i]);
  return isKept
    ? null
    : "had its goals changed by computeReward or computeTerminated; they must leave them as they are.";
}
