import type { Choice } from "./action/action.ts";

/** Logged exploration: with chance ε, one of the choices that make sense instead of the one decided on. */
export interface Exploration {
  /** ε */
  readonly epsilon: number;
  /** "plausible": the runbook's choice, and what the policy gives at least `PLAUSIBLE`; "legal": all that is allowed but giving up. */
  readonly among: "plausible" | "legal";
}

export const noExploration: Exploration = { epsilon: 0, among: "plausible" };

/** Chances below this are left to nobody: a policy's slips are not worth an outage. */
export const PLAUSIBLE = 0.05;

interface Decided {
  readonly choices: readonly Choice[];
  readonly mask: Uint8Array;
  /** The runbook's choice. */
  readonly baseline: number;
  /** What the learned policy gives each choice, or null. */
  readonly advice: Float32Array | null;
  /** Whether it is the policy's turn to decide. */
  readonly byPolicy: boolean;
  readonly exploration: Exploration;
}

/** The chances that an action is drawn from: whose turn it is, mixed with exploration. They sum to 1. */
export function behaviour({ choices, mask, baseline, advice, byPolicy, exploration }: Decided): Float64Array {
  const chances = new Float64Array(choices.length);
  if (byPolicy && advice) {
    let kept = 0;
    for (let i = 0; i < chances.length; i++) {
      chances[i] = advice[i] >= PLAUSIBLE ? advice[i] : 0;
      kept += chances[i];
    }
    if (kept === 0) chances[largest(advice)] = 1;
    else for (let i = 0; i < chances.length; i++) chances[i] /= kept;
  } else {
    chances[baseline] = 1;
  }
  if (exploration.epsilon === 0) return chances;
  const open = choices.filter(({ index, action }) => {
    if (mask[index] === 0 || action.kind === "escalate") return false;
    return exploration.among === "legal" || index === baseline || (advice?.[index] ?? 0) >= PLAUSIBLE;
  });
  if (open.length === 0) return chances;
  for (let i = 0; i < chances.length; i++) chances[i] *= 1 - exploration.epsilon;
  for (const { index } of open) chances[index] += exploration.epsilon / open.length;
  return chances;
}

/** The choice at which the running sum of chances passes `draw`. */
export function drawn(chances: Float64Array, draw: number): number {
  let last = 0;
  let sum = 0;
  for (let i = 0; i < chances.length; i++) {
    if (chances[i] === 0) continue;
    last = i;
    sum += chances[i];
    if (draw < sum) break;
  }
  return last; // rounding can leave the sum just short of 1
}

function largest(values: Float32Array): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
}
