import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { escalate, retry, switchTo, undoAndReplay } from "../action/build.ts";
import { createPlanner } from "../planner/create-planner.ts";
import { faultErrors, faultyStep } from "../simulation/faulty-step.ts";
import { testClock } from "../test-clock.ts";
import { runFaulty } from "./double-effect.ts";

test("a step that is not idempotent is never done twice, and half of those that fail are saved all the same", () => {
  const { faults, doubleEffects, rescued, repeats } = runFaulty(8000, false, 1);
  expect(doubleEffects).toBe(0);
  expect(faults).toBeGreaterThan(8000);
  expect(repeats).toBeGreaterThan(4000);
  expect(rescued).toBeGreaterThan(4000);
});

test("the same planner does it twice in a third of the runs when it is told that it may", () => {
  const { runs, doubleEffects } = runFaulty(1000, true, 1);
  expect(doubleEffects / runs).toBeGreaterThan(0.2);
});

test("nor is it done twice by a wrapped function, many of which run at once", async () => {
  const random = createRandom(2);
  const clock = testClock();
  let doubleEffects = 0;
  let rescued = 0;
  for (let round = 0; round < 20; round++) {
    const runs = Array.from({ length: 20 }, async () => {
      const step = faultyStep(random);
      let calls = 0;
      const call = async (): Promise<string> => {
        calls += 1;
        const fault = step.call();
        if (fault) throw faultErrors[fault];
        return "answer";
      };
      const planner = createPlanner({
        name: "orders",
        features: ({ class: failureClass }) => ({ failureClass }),
        actions: {
          retry: retry({ delaysMs: [0, 1000] }),
          replica: switchTo(call),
          rollback: undoAndReplay({ undo: step.undo }),
          giveUp: escalate(),
        },
        guard: { breaker: null, retryBudget: null },
        explore: { epsilon: 1, among: "legal" },
        clock,
        seed: random.integer(1e9),
      });
      const answer = await planner
        .wrap("orders", call)()
        .catch(() => null);
      if (step.effects > 1) doubleEffects += 1;
      if (answer !== null && calls > 1) rescued += 1;
    });
    await clock.run(Promise.all(runs));
  }
  expect(doubleEffects).toBe(0);
  expect(rescued).toBeGreaterThan(100);
});
