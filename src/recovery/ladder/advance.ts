import {
  createDifferenceTest,
  type DifferenceTest,
  type DifferenceTestOptions,
  differenceVerdict,
  mergeDifferenceTests,
} from "../../math/difference-test.ts";
import type { Mode } from "../record/decision-record.ts";
import type { LadderEvent, LadderOutcome, Promotion, Seen } from "./event.ts";
import { type Ladder, moved, rungOf } from "./ladder.ts";
import { refusalOf } from "./refusal.ts";

/** When the ladder is climbed, and when it is left. */
export interface LadderRules {
  /** Episodes in shadow that do in place of an off-policy report. */
  readonly shadowEpisodes: number;
  /** So many fallbacks of late send a policy back. */
  readonly maxFallbacks: number;
  /** Share of its episodes in which a policy may fall back for ever: a collection of garbage is no fault of its. */
  readonly fallbackShare: number;
  /** Of a canary's test: the range of returns at least. */
  readonly test: Pick<DifferenceTestOptions, "lowest" | "highest"> & Partial<DifferenceTestOptions>;
}

export const ladderDefaults = { shadowEpisodes: 100, maxFallbacks: 10, fallbackShare: 0.05 };

/** The ladder after an event. What is refused, and what does not count, leaves it as it is. */
export function advance(
  ladder: Ladder,
  event: LadderEvent,
  rules: LadderRules,
): { readonly ladder: Ladder; readonly outcome: LadderOutcome } {
  const next = changed(ladder, event, rules);
  if (typeof next === "string") return { ladder, outcome: { kind: "refused", reason: next } };
  const last = next.history.at(-1);
  if (next.history === ladder.history || !last) return { ladder: next, outcome: { kind: "stayed" } };
  return { ladder: next, outcome: { kind: "moved", from: last.from, to: last.to, reason: last.reason } };
}

/** The next ladder, or why there is none. */
function changed(ladder: Ladder, event: LadderEvent, rules: LadderRules): Ladder | string {
  const { time } = event;
  switch (event.kind) {
    case "candidate":
      return candidate(ladder, event.policyHash, time);
    case "promote": {
      const refusal = refusalOf(ladder, event, rules.shadowEpisodes);
      return refusal ?? promoted(ladder, event, time, rules);
    }
    case "seen":
      return event.since === ladder.since ? afterSeen(ladder, event, time, rules) : ladder;
    case "drift": // the world has changed, which is no fault of the policy's: it may prove itself again
      return sentBack(ladder, time, `drift: ${event.detail}`, null) ?? ladder;
    case "guard":
      return sentBack(ladder, time, `guard: ${event.detail}`) ?? ladder;
    case "rollback":
      return rolledBack(ladder, event.to ?? "shadow", event.reason, time);
    case "kill":
      if (ladder.mode === "observe") return "it is in observe already";
      return moved(ladder, { time, to: "observe", reason: `kill: ${event.reason}` });
    default:
      throw new TypeError(`advance: unknown event ${JSON.stringify(event satisfies never)}.`);
  }
}

/** A new policy has proved nothing: it goes no higher than shadow. */
function candidate(ladder: Ladder, policyHash: string, time: number): Ladder | string {
  if (policyHash === ladder.policyHash) return `policy ${policyHash} is the candidate already`;
  const to = lower(ladder.mode, "shadow");
  return moved(ladder, { time, to, reason: "a new policy" }, { policyHash, test: null, setback: null });
}

function promoted(ladder: Ladder, promotion: Promotion, time: number, rules: LadderRules): Ladder {
  const { to, canaryShare = 0, automatic = false, force } = promotion;
  const reason = force ?? (to === "on" ? better(ladder.test) : "promoted");
  const move = { time, to, reason, canaryShare, forced: force !== undefined };
  if (to !== "canary") return moved(ladder, move, force === undefined ? {} : { setback: null });
  const test = createDifferenceTest(rules.test); // for a new share too: else one arm may have seen more of a better world
  return moved(ladder, move, { test, automatic, ...(force !== undefined && { setback: null }) });
}

function afterSeen(ladder: Ladder, seen: Seen, time: number, rules: LadderRules): Ladder {
  const inCanary = ladder.mode === "canary" && ladder.test && seen.test;
  const test = inCanary ? mergeDifferenceTests(ladder.test, seen.test) : ladder.test;
  const { policy, baseline } = seen.episodes;
  const next: Ladder = {
    ...ladder,
    version: ladder.version + 1,
    episodes: ladder.episodes + policy + baseline,
    test,
    fallbacks: Math.max(0, ladder.fallbacks + seen.fallbacks - rules.fallbackShare * policy),
  };
  if (next.fallbacks >= rules.maxFallbacks) {
    const reason = `fallbacks: ${rules.maxFallbacks} more than ${rules.fallbackShare} of its episodes`;
    return sentBack(next, time, reason) ?? next;
  }
  if (!inCanary || !test) return next;
  switch (differenceVerdict(test).kind) {
    case "worse":
      return sentBack(next, time, worse(test)) ?? next;
    case "better":
      return ladder.automatic ? moved(next, { time, to: "on", reason: better(test) }) : next;
    case "undecided":
      return next;
  }
}

/** To shadow, of its own accord; null where the policy decides nothing anyway. */
function sentBack(ladder: Ladder, time: number, reason: string, setback: string | null = reason): Ladder | null {
  if (rungOf(ladder.mode) <= rungOf("shadow")) return null;
  return moved(ladder, { time, to: "shadow", reason }, { setback });
}

function rolledBack(ladder: Ladder, to: Mode, reason: string, time: number): Ladder | string {
  if (rungOf(to) < 0 || rungOf(to) >= rungOf(ladder.mode)) return `${to} is not below ${ladder.mode}`;
  if (to === "canary") return "a canary begins with its share: promote to it";
  return moved(ladder, { time, to, reason: `rollback: ${reason}` });
}

function better(test: DifferenceTest | null): string {
  if (!test) return "better";
  const { lower, counts } = differenceVerdict(test);
  return `better by more than ${lower.toFixed(4)}, after ${counts.policy} and ${counts.baseline} episodes`;
}

function worse(test: DifferenceTest): string {
  const { upper, counts } = differenceVerdict(test);
  return `worse by more than ${(-upper).toFixed(4)}, after ${counts.policy} and ${counts.baseline} episodes`;
}

function lower(a: Mode, b: Mode): Mode {
  return rungOf(a) < rungOf(b) ? a : b;
}
