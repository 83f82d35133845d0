import { expect, test } from "vitest";
import { benchChaos } from "./chaos.ts";

test("whatever strikes the planner, no call is lost, doubled or answered wrongly, and the runbook decides at once where the policy cannot", async () => {
  const rows = await benchChaos({ seed: 1, quick: true });
  expect(rows.length).toBe(10);
  for (const { blow, policyGoesOn, lost, doubled, wrong, decisions, byRunbook } of rows) {
    expect({ blow, lost, doubled, wrong }).toEqual({ blow, lost: 0, doubled: 0, wrong: 0 });
    expect(decisions, blow).toBeGreaterThan(10);
    expect(byRunbook, blow).toBe(policyGoesOn ? 0 : decisions);
  }
});
