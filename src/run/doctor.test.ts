import { expect, test } from "vitest";
import { createDoctorState, diagnose, type Visit } from "./doctor.ts";
import type { EpisodeSummary, WarningName } from "./event.ts";

/** What PPO reports on CartPole at a share of the run: it learns, its entropy falls, its critic's loss rises and settles. */
function healthy(share: number): Visit {
  const meanReturn = 20 + 480 * Math.min(1, 2 * share);
  return {
    steps: Math.round(share * 100_000),
    totalSteps: 100_000,
    return: meanReturn,
    untrainedReturns: [9, 12, 22, 14, 40, 30, 18, 25], // mean 21.3, standard error 3.6
    episodes: summary({ meanReturn, lowReturn: meanReturn / 2, highReturn: Math.min(500, meanReturn * 1.5) }),
    metrics: {
      policyLoss: -0.01,
      valueLoss: 40 + 100 * Math.min(share, 0.5),
      entropy: 0.69 - 0.3 * share,
      kl: 0.008 + 0.004 * Math.sin(40 * share),
      explainedVariance: 0.2 + 0.7 * share,
      advantageDeviation: 12,
      observationScale: 3.2,
    },
  };
}

function summary(part: Partial<EpisodeSummary>): EpisodeSummary {
  const whole = {
    count: 3,
    meanReturn: 20,
    lowReturn: 10,
    highReturn: 40,
    meanLength: 20,
    minLength: 9,
    maxLength: 60,
    truncated: 0,
  };
  return { ...whole, ...part };
}

type Change = (visit: Visit, share: number) => Partial<Visit>;

/** The warnings of a run of two hundred visits. */
function warningsOf(change: Change = () => ({}), state = createDoctorState()) {
  return Array.from({ length: 200 }, (_, i) => {
    const visit = healthy((i + 1) / 200);
    return diagnose(state, { ...visit, ...change(visit, (i + 1) / 200) });
  }).flat();
}

const metrics =
  (part: (share: number) => Visit["metrics"]): Change =>
  (visit, share) => ({ metrics: { ...visit.metrics, ...part(share) } });

test("a healthy run hears nothing from the doctor", () => {
  expect(warningsOf()).toEqual([]);
});

test("a healthy Gaussian policy, whose entropy passes below zero, hears nothing either", () => {
  expect(
    warningsOf(
      metrics((share) => ({ entropy: 1.4 - 3 * share, standardDeviation: 1 - 0.7 * share, saturatedFraction: 0.3 })),
    ),
  ).toEqual([]);
});

test("a solved task may end all its episodes at the time limit, with little entropy left", () => {
  const solved: Change = (visit, share) =>
    share < 0.5
      ? {}
      : {
          metrics: { ...visit.metrics, entropy: 0.01 },
          episodes: summary({ meanReturn: 500, minLength: 500, maxLength: 500, truncated: 3 }),
        };
  expect(warningsOf(solved)).toEqual([]);
});

test("a policy that is certain of an optimum untrained ones reach by chance hears nothing, however early it learned it", () => {
  const optimum: Change = (visit, share) => ({
    return: share < 0.01 ? 0.8 : 1,
    untrainedReturns: [0, 1, 0, 0, 1, 0, 1, 0, 1, 0],
    episodes: summary({ meanReturn: 1, lowReturn: 1, highReturn: 1, minLength: 1, maxLength: 1 }),
    metrics: { ...visit.metrics, entropy: share < 0.01 ? 0.69 : 0.002 },
  });
  expect(warningsOf(optimum)).toEqual([]);
});

const ailments: Record<
  Exclude<WarningName, "inexact-resume" | "not-reproducible" | "damaged-checkpoint">,
  [change: Change, seen: string]
> = {
  "constant-advantages": [metrics(() => ({ advantageDeviation: 3e-8 })), "the advantages' standard deviation is 3e-8"],
  "truncation-unreported": [
    () => ({ episodes: summary({ minLength: 200, maxLength: 200, meanLength: 200 }) }),
    "all 33 episodes were terminated after exactly 200 steps",
  ],
  "episodes-never-end": [() => ({ episodes: null, return: null }), "no episode has ended in 12000 steps"],
  "entropy-collapse": [
    (visit, share) => ({
      return: 22,
      episodes: summary({ meanReturn: 22 }),
      metrics: { ...visit.metrics, entropy: share < 0.2 ? 0.69 : 0.002 },
    }),
    "the entropy is down to 0.29 % of what it began with, while the return, 22, is no better than an untrained policy's",
  ],
  "kl-blow-up": [metrics((share) => ({ kl: share < 0.5 ? 0.01 : 0.9 })), "the KL divergence of an update is 0.9"],
  "saturated-actions": [metrics(() => ({ saturatedFraction: 0.97 })), "97 % of the actions lie at a bound"],
  "value-loss-diverging": [
    metrics((share) => (share < 0.5 ? {} : { valueLoss: 40 * 1.5 ** (100 * (share - 0.5)), explainedVariance: -3 })),
    "the value loss is 837, usually 92, and the critic explains nothing",
  ],
  "observation-scale": [
    metrics(() => ({ observationScale: 25_000 })),
    "the largest number the network was fed is 25000",
  ],
};

for (const [name, [change, seen]] of Object.entries(ailments)) {
  test(`${name} is noticed, and told once`, () => {
    const warnings = warningsOf(change);
    expect(warnings.map((warning) => [warning.name, warning.seen])).toEqual([[name, seen]]);
    expect(warnings[0].why).toMatch(/\.$/);
    expect(warnings[0].advice).toMatch(/\.$/);
  });
}

test("a single odd visit is no ailment", () => {
  expect(warningsOf(metrics((share) => (share === 0.5 ? { kl: 5 } : {})))).toEqual([]);
});

test("what cleared and comes back is told again", () => {
  const twice = metrics((share) => ((share > 0.2 && share < 0.4) || (share > 0.6 && share < 0.8) ? { kl: 0.9 } : {}));
  expect(warningsOf(twice).map(({ name }) => name)).toEqual(["kl-blow-up", "kl-blow-up"]);
});

test("a doctor restored from JSON does not repeat what was told", () => {
  const state = createDoctorState();
  const [change] = ailments["kl-blow-up"];
  expect(warningsOf(change, state)).toHaveLength(1);
  const restored = JSON.parse(JSON.stringify(state));
  expect(diagnose(restored, { ...healthy(1), ...change(healthy(1), 1) })).toEqual([]);
});
