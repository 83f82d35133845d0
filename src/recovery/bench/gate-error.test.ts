import { expect, test } from "vitest";
import { type GateErrorOptions, type GateErrorReport, gateError } from "./gate-error.ts";

function last(options: Partial<GateErrorOptions>): GateErrorReport {
  return [...gateError(options)].at(-1) as GateErrorReport;
}

test.each([0.05, 0.2, 0.5])(
  "of 300 policies that are no better, at most 5 %% are promoted with a share of %s",
  (share) => {
    const { falsePromotions, falseRollbacks, interval } = last({ seed: 1, candidates: 300, episodes: 4000, share });
    expect(interval[1]).toBeLessThan(0.05);
    expect(falsePromotions + falseRollbacks).toBeLessThan(0.1 * 300);
  },
);

test("a baseline that fails once in 50 episodes does not get lucky candidates promoted; without virtual episodes it does", () => {
  const rare = { values: [0.9, -1.3], chances: [0.98, 0.02] };
  const options = { seed: 1, candidates: 200, episodes: 10_000, share: 0.05, baseline: rare, policy: rare };
  expect(last(options).falsePromotions).toBeLessThan(0.05 * 200);
  const bare = { lowest: -1.5, highest: 1, virtual: 0 };
  expect(last({ ...options, test: bare }).falsePromotions).toBeGreaterThan(0.1 * 200);
});

test("a gain of .076 is found within 1,100 episodes an arm by half of the canaries, a larger one sooner", () => {
  const { power } = last({ seed: 2, candidates: 0, share: 0.5, effects: [0.076, 0.2], effectCandidates: 60 });
  expect(power.map(({ promoted }) => promoted)).toEqual([60, 60]);
  expect(power[0].medianEpisodes).toBeLessThan(1100);
  expect(power[1].episodes90).toBeLessThan(450);
});

test("a policy not promoted within its episodes counts as missed", () => {
  const { power } = last({ candidates: 0, share: 0.5, effects: [0.01], effectCandidates: 20, effectEpisodes: 300 });
  expect(power).toEqual([{ effect: 0.01, candidates: 20, promoted: 0, medianEpisodes: null, episodes90: null }]);
});

test("an effect is at most what the baseline misses of the best", () => {
  const baseline = { values: [0, 1, 1, 0] };
  const run = (effect: number) => last({ baseline, candidates: 0, share: 0.5, effects: [effect], effectCandidates: 5 });
  expect(run(0.5).power[0].promoted).toBe(5);
  expect(() => run(0.6)).toThrow(
    "gateError: an effect must lie in [0, 0.5], which is all that the baseline misses, got 0.6.",
  );
});

test("progress comes every hundred candidates, and the last report is whole", () => {
  const reports = [...gateError({ candidates: 250, episodes: 300, share: 0.5, effects: [0.3], effectCandidates: 5 })];
  expect(reports.map(({ candidates }) => candidates)).toEqual([100, 200, 250]);
  expect(reports[2].power).toHaveLength(1);
  expect([...gateError({ candidates: 250, episodes: 300, share: 0.5 })].at(-1)?.candidates).toBe(250);
});
