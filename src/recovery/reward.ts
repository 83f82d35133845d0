import type { Choice } from "./action/action.ts";

/** What an episode is worth, part by part; the costs of actions come on top. */
export interface RewardRates {
  /** Once, for a step that was saved. */
  readonly success: number;
  /** For each second that it took, waiting included. */
  readonly perSecond: number;
  /** For each action but giving up. */
  readonly perCall: number;
  /** For each call while the service's breaker is not closed: the shadow price of load on what is down. */
  readonly perUnhealthyCall: number;
  /** For giving up, and for a caller who hangs up first. */
  readonly escalate: number;
  /** For a deadline missed, or attempts used up. */
  readonly deadline: number;
}

/** RecoveryBench's. */
export const defaultRates: RewardRates = {
  success: 1,
  perSecond: -0.004,
  perCall: -0.02,
  perUnhealthyCall: -0.1,
  escalate: -0.6,
  deadline: -1,
};

/** One decision's reward by component. */
export interface RewardParts {
  readonly success: number;
  readonly seconds: number;
  readonly calls: number;
  readonly cost: number;
  readonly unhealthy: number;
  readonly escalate: number;
  readonly deadline: number;
}

/** Of what has not come to its end. */
export const noReward: RewardParts = {
  success: 0,
  seconds: 0,
  calls: 0,
  cost: 0,
  unhealthy: 0,
  escalate: 0,
  deadline: 0,
};

/** What came of one choice. */
export interface Result {
  readonly seconds: number;
  readonly saved: boolean;
  /** The episode ended for want of time or attempts. */
  readonly exhausted: boolean;
  /** The caller hung up: it has been let down as if the step had been given up. */
  readonly abandoned?: boolean;
  /** The breaker was not closed when the choice was made. */
  readonly unhealthy: boolean;
}

/** What a choice was worth, given what came of it. */
export function rewardParts(
  rates: RewardRates,
  { action }: Choice,
  { seconds, saved, exhausted, abandoned = false, unhealthy }: Result,
): RewardParts {
  const gaveUp = action.kind === "escalate";
  return {
    success: saved ? rates.success : 0,
    seconds: seconds * rates.perSecond,
    calls: gaveUp ? 0 : rates.perCall,
    cost: action.cost === 0 ? 0 : -action.cost,
    unhealthy: unhealthy && !gaveUp ? rates.perUnhealthyCall : 0,
    escalate: gaveUp || abandoned ? rates.escalate : 0,
    deadline: exhausted ? rates.deadline : 0,
  };
}

/** The reward itself: the sum of its parts. */
export function totalReward(parts: RewardParts): number {
  return parts.success + parts.seconds + parts.calls + parts.cost + parts.unhealthy + parts.escalate + parts.deadline;
}
