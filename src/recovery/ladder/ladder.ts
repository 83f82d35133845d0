import type { DifferenceTest } from "../../math/difference-test.ts";
import type { Mode } from "../record/decision-record.ts";

/** How far one learned policy is trusted, and why: plain JSON, shared by all processes of a planner. */
export interface Ladder {
  /** One more with every change. */
  readonly version: number;
  readonly mode: Mode;
  /** The policy in question; null while there is none. */
  readonly policyHash: string | null;
  /** Share of the episodes that the policy decides in canary; 0 in every other mode. */
  readonly canaryShare: number;
  /** The version at which this mode, or this share, was entered: what was seen before it does not count. */
  readonly since: number;
  /** Episodes seen since then. */
  readonly episodes: number;
  /** Of the latest canary. */
  readonly test: DifferenceTest | null;
  /** Whether "better" turns the policy on by itself. */
  readonly automatic: boolean;
  /** Times of late that the policy could not be used, less what is tolerated. */
  readonly fallbacks: number;
  /** Why this policy was sent back; it goes no further than shadow again unless forced. */
  readonly setback: string | null;
  /** The latest last. */
  readonly history: readonly Transition[];
}

/** One move on the ladder. */
export interface Transition {
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly from: Mode;
  readonly to: Mode;
  readonly policyHash: string | null;
  readonly canaryShare: number;
  readonly forced: boolean;
  readonly reason: string;
}

/** The rungs, from no trust to full trust. */
export const modes: readonly Mode[] = ["observe", "shadow", "suggest", "canary", "on"];

export function rungOf(mode: Mode): number {
  return modes.indexOf(mode);
}

/** Moves that are remembered. */
const HISTORY = 100;

/** A ladder that nobody has climbed. Only a policy can stand above observe. */
export function createLadder(): Ladder {
  return {
    version: 0,
    mode: "observe",
    policyHash: null,
    canaryShare: 0,
    since: 0,
    episodes: 0,
    test: null,
    automatic: false,
    fallbacks: 0,
    setback: null,
    history: [],
  };
}

/** What takes the place of a ladder that could not be read: no trust, and the reason. */
export function ladderAfterLoss(time: number, reason: string): Ladder {
  return moved(createLadder(), { time, to: "observe", reason });
}

interface Move {
  readonly time: number;
  readonly to: Mode;
  readonly reason: string;
  readonly canaryShare?: number;
  readonly forced?: boolean;
}

/** The ladder after a move; `changes` come on top. */
export function moved(
  ladder: Ladder,
  { time, to, reason, canaryShare = 0, forced = false }: Move,
  changes: Partial<Ladder> = {},
): Ladder {
  const version = ladder.version + 1;
  const isNew =
    to !== ladder.mode ||
    canaryShare !== ladder.canaryShare ||
    (changes.policyHash ?? ladder.policyHash) !== ladder.policyHash;
  const next: Ladder = {
    ...ladder,
    version,
    mode: to,
    canaryShare,
    automatic: false,
    ...(isNew && { since: version, episodes: 0, fallbacks: 0 }),
    ...changes,
  };
  const transition = { time, from: ladder.mode, to, policyHash: next.policyHash, canaryShare, forced, reason };
  return { ...next, history: [...ladder.history, transition].slice(-HISTORY) };
}
