import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  doublyRobust,
  evaluateOffPolicy,
  importanceWeights,
  inversePropensity,
  type LoggedBandit,
  selfNormalized,
  shrunk,
  switched,
  weightDiagnostics,
} from "belay-rl";
import { describe, expect, test } from "vitest";
import { fixtureFolder } from "./fixture.ts";

type Campaign = "men" | "women";
const items = { men: 34, women: 46 };
/** The clicks that were logged, the same for every row: the crudest model there is. */
const clickRate = { men: 0.0069, women: 0.0046 };

interface Clicks {
  readonly log: LoggedBandit & Required<Pick<LoggedBandit, "model">>;
  /** Whether the file is, byte for byte, the one that published figures are of. */
  readonly published: boolean;
}

const sha256: Record<string, string> = {
  "bts-men": "24ac331a7bfee990345d653d57ed891ad8c75847d6c61c9ca619aecc56f01654",
  "bts-women": "1c892031508f5039108fa4a45efdf33fd0b624f92aff12df459d957adb1fa961",
  "random-men": "d773b651e8202228c109826f7d6871709d0cb2fa19423887728c196ad98a4e90",
  "random-women": "f8e4cae404e7868d55e6f1d23e00380cdc3f5ef34e5751c10f5affda4d7dd135",
};

/** A log of clicks, to be asked about the policy that shows every item as often; null where the file is absent. */
function clicks(policy: "bts" | "random", campaign: Campaign): Clicks | null {
  const path = join(fixtureFolder, "open-bandit", `${policy}-${campaign}.csv`);
  if (!existsSync(path)) return null;
  const text = readFileSync(path, "utf8");
  const [header, ...rows] = text.trim().split(/\r?\n/);
  const names = header.split(",");
  const column = (name: string) => Float64Array.from(rows, (row) => Number(row.split(",")[names.indexOf(name)]));
  const rewards = column("click");
  const constant = new Float64Array(rows.length).fill(clickRate[campaign]);
  return {
    log: {
      rewards,
      propensities: column("propensity_score"),
      probabilities: new Float64Array(rows.length).fill(1 / items[campaign]),
      model: { actionValues: constant, values: constant },
    },
    published: createHash("sha256").update(text).digest("hex") === sha256[`${policy}-${campaign}`],
  };
}

const within = (actual: number, expected: number) => expect(Math.abs(actual - expected)).toBeLessThan(1e-8);
const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, each) => sum + each, 0) / x.length;

const men = clicks("bts", "men");
const women = clicks("bts", "women");

describe.skipIf(!men?.published)("bts-men.csv, as published", () => {
  const { log } = men ?? ({} as Clicks);

  test("estimates of the uniform policy agree with obp to 1e-8", () => {
    within(inversePropensity(log).value, 0.00300863);
    within(selfNormalized(log).value, 0.00318942);
    within(doublyRobust(log).value, 0.00339976);
    within(shrunk(log, 100).value, 0.00537914);
    within(switched(log, 10).value, 0.00549041);
  });

  test("the largest weight is 178.2531, the effective sample size 655.71, and the gate lets them pass", () => {
    const report = evaluateOffPolicy(log);
    expect(report.diagnostics?.maxWeight).toBeCloseTo(178.2531, 4);
    expect(report.diagnostics?.effectiveSampleSize).toBeCloseTo(655.71, 2);
    expect(report.supported).toBe(true);
  });
});

describe.skipIf(!women?.published)("bts-women.csv, as published", () => {
  const { log } = women ?? ({} as Clicks);

  test("estimates agree to 1e-8, though one of them cannot be", () => {
    within(inversePropensity(log).value, 0.00743758);
    within(selfNormalized(log).value, 0.00237305);
    within(doublyRobust(log).value, -0.0023797);
    expect(weightDiagnostics(importanceWeights(log)).effectiveSampleSize).toBeCloseTo(2.08, 2);
  });

  test("the gate refuses 2.08 effective rows, and flags the click rate below 0", () => {
    const report = evaluateOffPolicy(log);
    expect(report).toMatchObject({
      supported: false,
      reason:
        "evaluateOffPolicy: the effective sample size must be at least 100, the larger of 100 and 1 % of the log, got 2.08 from 10000 rows.",
      estimates: { doublyRobust: { possible: false }, selfNormalized: { possible: true } },
    });
  });

  test("with a gate that lets the weights pass, it refuses the click rate below 0", () => {
    const report = evaluateOffPolicy(log, { minEffectiveSize: 1, minEffectiveShare: 0 });
    expect(report).toMatchObject({
      supported: false,
      reason: "evaluateOffPolicy: doublyRobust must lie in the range of the rewards, [0, 1], got -0.00238.",
    });
  });
});

test.skipIf(process.env["BELAY_FIXTURES"])("the files of this repository are the published ones", () => {
  expect([men, women, clicks("random", "men"), clicks("random", "women")].map((each) => each?.published)).toEqual(
    Array(4).fill(true),
  );
});

for (const campaign of ["men", "women"] as const) {
  const random = clicks("random", campaign);
  describe.skipIf(!random)(`random-${campaign}.csv`, () => {
    const { log, published } = random ?? ({} as Clicks);

    test("where the policies are the same, every weight is 1 and every estimate is the mean of the clicks", () => {
      const clicked = mean(log.rewards);
      if (published) expect(clicked).toBeCloseTo(0.0046, 12);
      expect(weightDiagnostics(importanceWeights(log)).effectiveSampleSize).toBeCloseTo(log.rewards.length, 6);
      for (const estimate of [inversePropensity(log), selfNormalized(log), doublyRobust(log), switched(log, 10)]) {
        expect(estimate.value).toBeCloseTo(clicked, 10);
      }
    });
  });

  const bts = clicks("bts", campaign);
  describe.skipIf(!bts)(`bts-${campaign}.csv, whatever its rows`, () => {
    const { log } = bts ?? ({} as Clicks);

    test("DR with a constant q differs from IPS by q (1 − mean w), and SNIPS is IPS over mean w", () => {
      const meanWeight = mean(importanceWeights(log));
      const ips = inversePropensity(log).value;
      expect(doublyRobust(log).value).toBeCloseTo(ips + clickRate[campaign] * (1 - meanWeight), 10);
      expect(selfNormalized(log).value).toBeCloseTo(ips / meanWeight, 10);
    });

    test("bounds that bind nothing leave DR as it is", () => {
      const dr = doublyRobust(log).value;
      expect(switched(log, Infinity).value).toBe(dr);
      expect(shrunk(log, 1e18).value).toBeCloseTo(dr, 8);
    });

    test("terms average to their estimate", () => {
      for (const { terms, value } of [selfNormalized(log), doublyRobust(log), shrunk(log, 100)]) {
        expect(mean(terms)).toBeCloseTo(value, 12);
      }
    });
  });
}
