/** What an episode is worth, part by part. Costs of actions come on top. */
export interface RewardRates {
  /** Once, for a step that was saved. */
  readonly success: number;
  /** For each second that it took, waiting included. */
  readonly perSecond: number;
  /** For each action that is a call; escalating is none. */
  readonly perCall: number;
  /** For each call made while the service's breaker is not closed: the shadow price of load on what is down. */
  readonly perUnhealthyCall: number;
  readonly escalate: number;
  /** For a deadline missed, or attempts used up. */
  readonly deadline: number;
}

/** One decision's reward by component; their sum is the reward. */
export interface RewardParts {
  readonly success: number;
  readonly seconds: number;
  readonly calls: number;
  readonly cost: number;
  readonly unhealthy: number;
  readonly escalate: number;
  readonly deadline: number;
}
