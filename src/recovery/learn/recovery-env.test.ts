import { expect, test } from "vitest";
import { createRandom } from "../../math/random.ts";
import { benchProblem } from "../bench/problem.ts";
import { define } from "../definition.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import { recoveryEnv } from "./recovery-env.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const simulator = recoveryBench();
const { choices, encoder } = definition;
const place = (name: string) => choices.findIndex((choice) => choice.name === name);

/** The first allowed choice of a list that goes round. */
function stubborn(mask: Uint8Array, step: number): number {
  const wished = [place("retry:1000"), place("backup"), place("params"), place("source")][step % 4];
  return mask[wished] === 1 ? wished : place("giveUp");
}

test("an episode's rewards are those that the evaluation counts", () => {
  const env = recoveryEnv(definition, simulator);
  const { results } = evaluateRecovery(
    simulator,
    definition,
    ({ mask, failure }) => stubborn(mask, failure.history.length),
    { episodes: 200, seed: 8 },
  );
  const returns = Array.from({ length: 200 }, (_, i) => {
    let { info } = env.reset(i === 0 ? { seed: 8 } : {});
    let sum = 0;
    for (let step = 0; ; step++) {
      const next = env.step(stubborn(info.actionMask as Uint8Array, step));
      sum += next.reward;
      info = next.info;
      expect(next.truncated).toBe(false);
      if (next.terminated) return sum;
    }
  });
  expect(returns).toEqual([...results.returns]);
});

test("an environment put back goes on as the one that was saved", () => {
  const [env, other] = [recoveryEnv(definition, simulator), recoveryEnv(definition, simulator)];
  const random = createRandom(1);
  let { info } = env.reset({ seed: 5 });
  for (let i = 0; i < 200; i++) {
    other.restore?.(JSON.parse(JSON.stringify(env.snapshot?.())));
    const action = stubborn(info.actionMask as Uint8Array, random.integer(4));
    const next = env.step(action);
    expect(other.step(action)).toEqual(next);
    info = next.info;
    if (!next.terminated) continue;
    const begun = env.reset();
    expect(other.reset()).toEqual(begun);
    info = begun.info;
  }
});

test("what is seen is what the planner's encoder makes of the failure, and what is allowed what its facts allow", () => {
  const env = recoveryEnv(definition, simulator);
  const group = (name: string) => encoder.groups.find((each) => each.name === name);
  for (let seed = 0; seed < 50; seed++) {
    const { observation, info } = env.reset({ seed });
    expect(observation).toHaveLength(encoder.size);
    const critical = observation[group("critical")?.offset ?? -1];
    expect(info.actionMask?.[place("backup")]).toBe(1 - critical);
    expect(info.actionMask?.[place("giveUp")]).toBe(1);
  }
});

test("a choice that is not allowed is refused, and so is a step before the first reset", () => {
  const env = recoveryEnv(definition, simulator);
  expect(() => env.step(0)).toThrow("RecoveryBench-0: no episode has begun; call reset first.");
  env.reset({ seed: 0 });
  expect(() => env.step(99)).toThrow(
    /^RecoveryBench-0: choice must be the index of one that is allowed, .*, got 99\.$/,
  );
});
