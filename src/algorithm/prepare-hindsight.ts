import type { Env } from "../env/env.ts";
import { goalLayout, isGoalEnv, whyNotGoalEnv } from "../env/goal-env.ts";
import type { Space } from "../env/space.ts";
import type { Random } from "../math/random.ts";
import { createHindsight } from "../rollout/hindsight.ts";
import type { Replay } from "../rollout/replay.ts";
import type { Transitions } from "../rollout/transitions.ts";
import type { OffPolicyConfig } from "./off-policy-options.ts";

type HindsightConfig = Pick<OffPolicyConfig, "hindsight" | "hindsightGoals" | "discount" | "nSteps">;

/** Puts goals of hindsight into a batch, or does nothing where none are asked for. */
export function prepareHindsight<O extends Space, A extends Space>(
  algorithm: string,
  makeEnv: () => Env<O, A>,
  { hindsight, hindsightGoals, discount, nSteps }: HindsightConfig,
  replay: Replay,
): (batch: Transitions, random: Random) => void {
  if (hindsight === "none") return () => undefined;
  // One that is never stepped: it only judges.
  const env = makeEnv();
  if (!isGoalEnv(env)) {
    const reason = `${env.id} ${whyNotGoalEnv(env)}`;
    throw new TypeError(`${algorithm}: hindsight "${hindsight}" needs a goal environment; ${reason}.`);
  }
  if (nSteps !== 1) {
    throw new RangeError(`${algorithm}: hindsight "${hindsight}" needs nSteps 1, got ${nSteps}.`);
  }
  const options = { strategy: hindsight, goals: hindsightGoals, discount };
  return createHindsight(replay, goalLayout(env.observationSpace), env, options);
}
