import { expect, test } from "vitest";
import { benchLearnFromLog } from "./learn-from-log.ts";

test("of the whole of a policy a log cannot tell, of a fifth of it it can, and the interval holds what is true", async () => {
  const lines = new Set<string>();
  const report = await benchLearnFromLog(
    { seed: 1, quick: true, onProgress: (line) => lines.add(line) },
    { failures: 1200, episodes: 4000, steps: 4096 },
  );
  const [whole, , fifth] = report.asked.filter(({ log }) => log === "other");
  expect(whole.effectiveShare).toBeLessThan(fifth.effectiveShare);
  expect(fifth.supported).toBe(true);
  const noise = 0.02; // the truth itself is of 4000 episodes, whose returns deviate by .6: two standard errors
  expect(fifth.uplift?.lower95).toBeLessThan(fifth.truth + noise);
  expect(fifth.uplift?.upper95).toBeGreaterThan(fifth.truth - noise);
  expect(Object.keys(report.learned.byService)).toEqual(Object.keys(report.runbook.byService));
  expect([...lines].at(-1)).toBe("asking about 20 % of it");
});
