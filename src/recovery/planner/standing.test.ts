import { expect, test } from "vitest";
import { fetchFrom, retry } from "../action/build.ts";
import { memoryState } from "../ladder/memory-state.ts";
import { pretrain } from "../learn/pretrain.ts";
import { runbook } from "../runbook/runbook.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { testClock } from "../test-clock.ts";
import { createPlanner } from "./create-planner.ts";
import type { PlannerOptions } from "./options.ts";

function setting(changes: Partial<PlannerOptions> = {}) {
  return createPlanner({
    name: "orders",
    features: (failure) => ({ attempt: failure.attempt }),
    actions: { retry: retry({ delaysMs: [0, 1000] }), backup: fetchFrom(async () => "snapshot") },
    baseline: runbook({ "*": ["retry:0"] }),
    clock: testClock(),
    seed: 1,
    ...changes,
  });
}

const world: Simulator = {
  id: "world",
  start: () => ({
    service: "orders",
    idempotent: true,
    tags: {},
    symptom: { class: "5XX", status: 503, retryAfterMs: null, effect: "unknown" },
    attempt: () => ({ seconds: 1, symptom: null }),
  }),
};

const briefly = { options: { totalSteps: 256, numEnvs: 4, horizon: 16, batchSize: 64, epochs: 1 } };

test("a policy that was adopted is in use when adopt resolves, however slow the store", async () => {
  const state = memoryState();
  const slow = {
    ...state,
    async loadPolicy(hash: string) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return state.loadPolicy(hash);
    },
  };
  const planner = setting({ state: slow, mode: "on" });
  const { file } = await pretrain(planner.definition, world, briefly);
  await planner.adopt(file);
  expect(planner.ladder.mode).toBe("on");
  expect(planner.policy).not.toBeNull();
});

test("an episode that began before the canary is not counted in it", async () => {
  const planner = setting({ mode: "shadow" });
  const { file } = await pretrain(planner.definition, world, briefly);
  await planner.adopt(file);
  const spanning = planner.episode("orders", { idempotent: true });
  spanning.failed(new Error("down"));
  await planner.promote({ to: "canary", canaryShare: 0.5, force: "a test" });
  spanning.succeeded();
  const within = planner.episode("orders", { idempotent: true });
  within.failed(new Error("down"));
  within.succeeded();
  await planner.close();
  expect(planner.ladder.episodes).toBe(1);
});

test("an episode whose end cannot be seen here is not counted", async () => {
  const planner = setting({ mode: "shadow" });
  const { file } = await pretrain(planner.definition, world, briefly);
  await planner.adopt(file);
  for (const end of ["unseen", "gaveUp"] as const) {
    const episode = planner.episode("orders", { idempotent: true });
    episode.failed(new Error("down"));
    episode[end]();
  }
  await planner.close();
  expect(planner.ladder.episodes).toBe(1);
});
