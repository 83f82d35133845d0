import { expect, test } from "vitest";
import { reinforce } from "../../algorithm/reinforce.ts";
import { createActor } from "../../deploy/act.ts";
import { decodePolicy } from "../../deploy/policy-file.ts";
import { createRandom } from "../../math/random.ts";
import { byPolicy } from "../bench/learned-policy.ts";
import { benchProblem } from "../bench/problem.ts";
import { byRunbook } from "../bench/static-policies.ts";
import { define } from "../definition.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import { recoveryBenchServices } from "../simulation/recovery-bench-services.ts";
import type { Simulator } from "../simulation/simulator.ts";
import { networkPolicy } from "./network-policy.ts";
import { type Learner, pretrain } from "./pretrain.ts";

const definition = define(benchProblem(recoveryBenchServices.map(({ name }) => name)));
const simulator = recoveryBench();
const sharedFate = recoveryBench({ services: recoveryBenchServices.slice(3) });
const reinforceLearner: Learner = { name: "reinforce", run: reinforce as Learner["run"] };
const short = { totalSteps: 4096, numEnvs: 16 };

test("a second of PPO is worth more than the expert's runbook where retries and the secondary share the fault", async () => {
  const options = { totalSteps: 30_000, horizon: 16, hidden: [32] };
  const { policy } = await pretrain(definition, sharedFate, { seed: 1, options });
  const judge = { episodes: 10_000, seed: 3 };
  const learned = evaluateRecovery(sharedFate, definition, byPolicy(definition, policy, 0), judge);
  const runbook = evaluateRecovery(sharedFate, definition, byRunbook(definition.choices), judge);
  expect(learned.return.ci95[0]).toBeGreaterThan(runbook.return.mean);
});

test.each([
  ["ppo", undefined, short],
  ["reinforce", reinforceLearner, { totalSteps: 3000 }],
])(
  "%s trained twice from one seed gives the same bytes, and from another seed others",
  async (_, algorithm, options) => {
    const train = (seed: number) => pretrain(definition, simulator, { seed, options, ...(algorithm && { algorithm }) });
    const [first, second, other] = [await train(4), await train(4), await train(5)];
    expect(second.file).toEqual(first.file);
    expect(second.policy.hash).toBe(first.policy.hash);
    expect(other.policy.hash).not.toBe(first.policy.hash);
  },
);

test("what acts in the planner is what was trained: the probabilities are those of the policy's file, under the mask", async () => {
  const { policy, file } = await pretrain(definition, simulator, { options: short });
  const actor = createActor(decodePolicy(file));
  const random = createRandom(2);
  const out = new Float32Array(definition.choices.length);
  for (let i = 0; i < 50; i++) {
    const observation = Float32Array.from({ length: definition.encoder.size }, () => random.uniform());
    const mask = Uint8Array.from(out, (_, choice) => (choice === 8 || random.uniform() < 0.6 ? 1 : 0));
    policy.probabilities(observation, mask, out);
    const expected = actor.distributionAt(observation as never, { mask });
    if (expected.kind !== "categorical") throw new Error(expected.kind);
    out.forEach((chance, choice) => {
      expect(chance).toBeCloseTo(expected.probabilities[choice], 6);
      if (mask[choice] === 0) expect(chance).toBe(0);
    });
  }
});

test("training stops when it is told to, with the signal's reason", async () => {
  const signal = { aborted: false, reason: new Error("enough") };
  const reports: number[] = [];
  const training = pretrain(definition, simulator, {
    options: short,
    signal,
    onProgress({ steps, totalSteps }) {
      reports.push(steps);
      expect(totalSteps).toBe(4096);
      signal.aborted = reports.length === 2;
    },
  });
  await expect(training).rejects.toThrow("enough");
  expect(reports).toEqual([512, 1024]);
});

test("a simulator that gives what is not a number stops the training and is named", async () => {
  const broken: Simulator = {
    id: "broken-clock",
    start(random) {
      const episode = simulator.start(random);
      return { ...episode, attempt: (choice) => ({ ...episode.attempt(choice), seconds: Number.NaN }) };
    },
  };
  await expect(pretrain(definition, broken, { options: short })).rejects.toThrow(
    /broken-clock: .* must take a number of seconds of at least 0, got NaN/,
  );
});

test("a policy that was trained for other choices or inputs is refused", async () => {
  const { file } = await pretrain(definition, simulator, { options: short });
  const grown = define(benchProblem(["a", "b", "c", "d", "e"]));
  expect(() => networkPolicy(decodePolicy(file), grown)).toThrow(
    "networkPolicy: recovery-bench has 35 inputs and 9 choices, the policy was trained for 34 and 9: " +
      "its features, classes or actions have changed since.",
  );
  const renamed = define(benchProblem(["b", "a", "c", "d"]));
  expect(() => networkPolicy(decodePolicy(file), renamed)).toThrow(
    "networkPolicy: the policy was trained for another planner than recovery-bench: it reads service: one of",
  );
  const same = benchProblem(recoveryBenchServices.map(({ name }) => name));
  const { retry, source, params, ...others } = same.actions;
  const reordered = define({ ...same, actions: { retry, params, source, ...others } });
  expect(() => networkPolicy(decodePolicy(file), reordered)).toThrow("for another planner than recovery-bench");
});
