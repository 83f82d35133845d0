import { expect, test } from "vitest";
import { ppo } from "../../src/algorithm/ppo.ts";
import { createActor } from "../../src/deploy/act.ts";
import type { Env } from "../../src/env/env.ts";
import { type Discrete, discrete, type MultiBinary, multiBinary } from "../../src/env/space.ts";
import { referenceKernel } from "../../src/kernel/reference.ts";

/** Three lamps: on each day another one must stay off, and each that is on pays 1. A week is an episode. */
function lamps(): Env<Discrete, MultiBinary> {
  let day = 0;
  const mask = () => Uint8Array.from({ length: 3 }, (_, lamp) => Number(lamp !== day % 3));
  const info = () => ({ actionMask: mask() });
  return {
    id: "Lamps-v0",
    observationSpace: discrete(8),
    actionSpace: multiBinary(3),
    reset() {
      day = 0;
      return { observation: day, info: info() };
    },
    step(action) {
      if (action[day % 3] === 1) throw new Error(`lamp ${day % 3} must stay off on day ${day}`);
      day += 1;
      const reward = action[0] + action[1] + action[2];
      return { observation: day, reward, terminated: day === 7, truncated: false, info: info() };
    },
  };
}

test("training never throws a forbidden switch, and learns the others", async () => {
  const options = { totalSteps: 4096, numEnvs: 4, horizon: 64, learningRate: 3e-3, seed: 1 };
  let policy: Parameters<typeof createActor<Discrete, MultiBinary>>[0] | undefined;
  for await (const report of ppo(lamps, options, { kernel: referenceKernel({ bytes: 2 ** 24 }) }))
    ({ policy } = report);
  const actor = createActor(policy!);
  const env = lamps();
  let { observation, info } = env.reset();
  let [total, over] = [0, false];
  while (!over) {
    const step = env.step(actor.act(observation, { mask: info.actionMask }));
    ({ observation, info } = step);
    total += step.reward;
    over = step.terminated;
  }
  expect(total).toBe(14);
});
