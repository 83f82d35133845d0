import { expect, test } from "vitest";
import { estimate, estimateOverSeeds, pooled } from "../simulation/estimate.ts";
import { benchRandomServices } from "./random-services-benchmark.ts";
import { benchRecovery, rowNames } from "./recovery-benchmark.ts";

const tiny = {
  episodes: 600,
  seeds: 2,
  driftSeeds: 1,
  ppo: { totalSteps: 2048, numEnvs: 16 },
  reinforce: { totalSteps: 600, minSteps: 300 },
};

test("the benchmark fills each row of the table, and twice from one seed with the same numbers", async () => {
  const shares: number[] = [];
  const onProgress = (_: string, done?: { readonly share: number }) => void shares.push(done?.share ?? Number.NaN);
  const first = await benchRecovery({ seed: 3, quick: true, onProgress }, tiny);
  expect(Object.keys(first.rows).sort()).toEqual([...rowNames].sort());
  for (const { return: value, success, escalated } of Object.values(first.rows)) {
    expect(value.ci95[0]).toBeLessThan(value.mean);
    expect(value.ci95[1]).toBeGreaterThan(value.mean);
    expect(success + escalated).toBeLessThanOrEqual(1);
  }
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(shares.every((share) => share >= 0 && share <= 1)).toBe(true);
  expect(await benchRecovery({ seed: 3, quick: true }, tiny)).toEqual(first);
});

test("where no gate lets the learned policy through, every service keeps what its runbook is worth", async () => {
  const settings = { services: 4, trainingServices: 4, steps: 2048, gateEpisodes: 200, episodes: 200 };
  const { passed, runbook, learned, gated, worst } = await benchRandomServices({ seed: 1, quick: true }, settings);
  expect(passed).toBe(0); // it has hardly learned
  expect(learned).toBeLessThan(runbook);
  expect(gated).toBe(runbook);
  expect(worst.gain).toBe(0);
});

test("an interval over seeds is Student's, over episodes the normal one, and pooling halves shrink by √2", () => {
  // Of 1 and 3: mean 2, deviation √2, standard error 1; 12.706 for one degree of freedom.
  const seeds = estimateOverSeeds([1, 3].map((mean) => ({ mean, ci95: [mean, mean] as const })));
  expect(seeds.mean).toBe(2);
  expect(seeds.ci95[1]).toBeCloseTo(14.706, 10);
  expect(estimate([1, 3]).ci95[1]).toBeCloseTo(3.96, 10);
  const half = { mean: 5, ci95: [4, 6] as const };
  expect(pooled([half, half]).ci95[1]).toBeCloseTo(5 + Math.SQRT1_2, 10);
  expect(estimateOverSeeds([half])).toBe(half);
});
