import { differenceVerdict } from "../../math/difference-test.ts";
import type { Promotion } from "./event.ts";
import { type Ladder, modes, rungOf } from "./ladder.ts";

/**
 * Why a promotion is refused; null where it is granted. Always: there is a policy, the way leads up, a canary has its share.
 * Unless forced:
 *
 *   observe → shadow            nothing more
 *   shadow → suggest, canary    a supported off-policy report that does not find the policy worse, or enough episodes in shadow
 *   suggest → canary            nothing more: people have looked
 *   canary → on                 the sequential test says "better"
 *
 * and a policy that was sent back goes no further than shadow.
 */
export function refusalOf(ladder: Ladder, promotion: Promotion, shadowEpisodes: number): string | null {
  const { to, canaryShare, force } = promotion;
  if (!modes.includes(to)) return `there is no mode ${JSON.stringify(to)}; modes are ${modes.join(", ")}`;
  if (ladder.policyHash === null) return "there is no policy to promote: train one first";
  if (to === "canary" && !(canaryShare !== undefined && canaryShare > 0 && canaryShare < 1)) {
    return `a canary needs its share, above 0 and below 1, got ${canaryShare}`;
  }
  if (to !== "canary" && canaryShare !== undefined) return `only a canary has a share, and this is ${to}`;
  if (force === "") return "force must say why";
  if (to === "canary" && ladder.mode === "canary" && canaryShare !== ladder.canaryShare) return null;
  if (rungOf(to) === rungOf(ladder.mode)) return `it is in ${to} already`;
  if (rungOf(to) < rungOf(ladder.mode)) return `${to} is below ${ladder.mode}: roll back instead`;
  return force === undefined ? conditionOf(ladder, promotion, shadowEpisodes) : null;
}

function conditionOf(ladder: Ladder, { to, evidence }: Promotion, shadowEpisodes: number): string | null {
  const { mode, setback, episodes, test, policyHash } = ladder;
  if (to === "shadow") return null;
  if (evidence?.policyHash !== undefined && evidence.policyHash !== policyHash) {
    return `the report is of policy ${evidence.policyHash}, and the candidate is ${policyHash}`;
  }
  if (setback !== null) return `this policy was sent back: ${setback}`;
  if (to === "on") {
    if (mode !== "canary" || !test) return `only a canary proves a policy, and this is ${mode}`;
    const { kind, counts } = differenceVerdict(test);
    if (kind === "better") return null;
    return `the test says "${kind}" after ${counts.policy} episodes of the policy and ${counts.baseline} of the baseline`;
  }
  if (evidence?.supported && evidence.uplift && evidence.uplift.upper95 < 0) {
    return `the log finds the policy worse, by ${-evidence.uplift.upper95} or more`;
  }
  if (mode === "suggest") return null;
  if (mode === "observe") return `${to} is more than one step above observe: go to shadow first`;
  if (evidence?.supported || episodes >= shadowEpisodes) return null;
  return `it takes a supported off-policy report, or ${shadowEpisodes} episodes in shadow, of which there are ${episodes}`;
}
