/** Why a policy chose what it chose. */
export interface Explanation {
  readonly service: string;
  readonly class: string;
  /** What the policy takes: where it decided, what was taken; else what is likeliest. */
  readonly chosen: string;
  /** What it is weighed against: the runbook's choice, or the runner-up where the runbook would do the same; null where nothing else is allowed. */
  readonly instead: string | null;
  /** What the runbook would do. */
  readonly baseline: string | null;
  /** All that is allowed, the likeliest first. */
  readonly probabilities: readonly { readonly choice: string; readonly probability: number }[];
  /** log π(chosen) − log π(instead); below 0 where the other was likelier. */
  readonly preference: number;
  /** What spoke for and against, the weightiest first. */
  readonly influences: readonly Influence[];
}

/** One thing that was seen, and what it did to the choice. */
export interface Influence {
  /** A feature, "class", or a correction that had been tried. */
  readonly name: string;
  /** What was seen: "batch-etl", "0.12", "tried, met TIMEOUT". */
  readonly seen: string;
  /** By how much the preference exceeds what it would be, on average, with what the reference saw in its place. */
  readonly change: number;
}
