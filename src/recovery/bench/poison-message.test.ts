import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { poisonMessage, poisonMessageDefaults } from "../simulation/poison-message.ts";
import { benchPoisonMessage } from "./poison-message.ts";

test("of poison, no retry is ever served; of what passes with τ = 1.5 s, 1 − exp(−1 / 1.5) after a second", () => {
  const random = createRandom(1);
  const simulator = poisonMessage();
  const total = { poison: 0, poisonServed: 0, passing: 0, passingServed: 0 };
  for (let i = 0; i < 20_000; i++) {
    const episode = simulator.start(random);
    const served = episode.attempt("retry:1000").symptom === null;
    total[episode.isPoison ? "poison" : "passing"] += 1;
    if (served) total[episode.isPoison ? "poisonServed" : "passingServed"] += 1;
  }
  expect(total.poison / 20_000).toBeCloseTo(poisonMessageDefaults.poisonShare, 1);
  expect(total.poisonServed).toBe(0);
  expect(total.passingServed / total.passing).toBeCloseTo(0.4866, 1);
});

test("what waits in line waits for the poison, unless the planner has learned to park it", async () => {
  const { rows } = await benchPoisonMessage({ seed: 1, quick: true });
  const row = (name: string) => rows.find(({ strategy }) => strategy === name) ?? expect.fail(`no row ${name}`);
  const planner = row("planner");
  // Seven retries hold up the line for 78 s each time: it never ends.
  expect(row("7 retries, then park").throughput).toBeLessThan(16);
  expect(planner.throughput).toBeGreaterThan(19.5);
  expect(planner.p99Delay).toBeLessThan(row("7 retries, then park").p99Delay / 100);
  expect(planner.poisonSeconds).toBeLessThan(10);
  expect(planner.wronglyParked).toBeLessThan(0.06);
  for (const { strategy, return: value } of rows) {
    if (strategy !== "planner") expect(planner.return, strategy).toBeGreaterThan(value + 0.1);
  }
});
