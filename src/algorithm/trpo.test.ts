import { describe, expect, test } from "vitest";
import type { Env } from "../env/env.ts";
import { make } from "../env/registry.ts";
import { type Box, box, type Discrete } from "../env/space.ts";
import { referenceKernel } from "../kernel/reference.ts";
import { wasmKernel } from "../kernel/wasm-kernel.ts";
import { createRandom } from "../math/random.ts";
import { surrogate } from "../objective/surrogate.ts";
import { createActorCritic } from "../policy/actor-critic.ts";
import { trpo } from "./trpo.ts";

const horizon = 200;
const updates = 12;
const targetKl = 0.05;
/** Bold enough that the quadratic model is wrong at times: then only the line search keeps the promises. */
const bold = { targetKl, damping: 1e-5 };
const options = {
  totalSteps: updates * horizon,
  horizon,
  hidden: [16],
  batchSize: 64,
  criticEpochs: 5,
  seed: 4,
  ...bold,
};

/** One step, as a bystander sees it. */
interface Witnessed {
  readonly observation: Float32Array;
  readonly action: Float32Array;
  readonly reward: number;
  readonly next: Float32Array;
  readonly terminated: boolean;
  readonly truncated: boolean;
}

/** Tells `steps` of all that happens in an environment, which is stepped one by one. */
function witness({ vectorize: _, ...env }: Env<Box, Discrete | Box>, steps: Witnessed[]): Env<Box, Discrete | Box> {
  let observation = new Float32Array(0);
  return {
    ...env,
    reset(resetting) {
      const begun = env.reset(resetting);
      observation = begun.observation.slice();
      return begun;
    },
    step(action) {
      const step = env.step(action as never);
      const { reward, terminated, truncated } = step;
      const taken = typeof action === "number" ? Float32Array.of(action) : action.slice();
      const next = step.observation.slice();
      steps.push({ observation, action: taken, reward, next, terminated, truncated });
      observation = next;
      return step;
    },
  };
}

/** Pendulum whose motor, not its action space, has the limits: what is drawn is what it sees. */
function unboundedPendulum(): Env<Box, Box> {
  const { vectorize: _, ...env } = make("Pendulum-v1");
  return {
    ...env,
    actionSpace: box({ low: -Infinity, high: Infinity, shape: [1] }),
    step: ([torque]) => env.step(Float32Array.of(Math.min(Math.max(torque, -2), 2))),
  };
}

/**
 * What a rollout and two sets of parameters say of the step between them, computed afresh with a kernel of its own.
 * The first step is from a policy as the seed makes it.
 */
function recompute(
  steps: readonly Witnessed[],
  parametersBefore: Float32Array | null,
  after: Float32Array,
  env: Env<Box, Discrete | Box>,
) {
  const kernel = referenceKernel({ bytes: 2 ** 22 });
  const policy = createActorCritic(
    kernel,
    env,
    { hidden: options.hidden, activation: "tanh", sharedTrunk: false, initialLogStd: 0 },
    horizon,
    createRandom(options.seed).split(),
  );
  const before = parametersBefore ?? policy.parameters.slice();
  const rows = (of: (step: Witnessed) => ArrayLike<number>) => {
    const flat = steps.flatMap((step) => [...(of(step) as Float32Array)]);
    const array = kernel.float32(flat.length);
    array.set(flat);
    return array;
  };
  const observations = rows(({ observation }) => observation);
  const numbers = () => kernel.float32(horizon);
  const flags = (of: (step: Witnessed) => boolean) => {
    const array = kernel.uint8(horizon);
    array.set(steps.map((step) => (of(step) ? 1 : 0)));
    return array;
  };
  policy.parameters.set(before);
  const [values, nextValues] = [numbers(), numbers()];
  policy.values(observations, horizon, values);
  policy.values(
    rows(({ next }) => next),
    horizon,
    nextValues,
  );
  const rewards = rows(({ reward }) => [reward]);
  const terminated = flags((step) => step.terminated);
  const truncated = flags((step) => step.truncated);
  const [advantages, returns] = [numbers(), numbers()];
  kernel.gae(rewards, values, nextValues, terminated, truncated, advantages, returns, horizon, 1, 0.99, 0.95);
  kernel.standardize(advantages);

  const samples = { size: horizon, observations, actions: rows(({ action }) => action), masks: null };
  const told = policy.evaluate(samples);
  const oldLogProbs = told.logProbs.slice();
  const old = { outputs: told.outputs.slice(), ...(policy.logStd && { logStd: policy.logStd.slice() }) };
  policy.parameters.set(after);
  const { logProbs, outputs } = policy.evaluate(samples);
  const scratch = numbers();
  const divergences = numbers();
  policy.distributionOf.divergence({ outputs }, old, horizon, divergences);
  return {
    gain:
      surrogate({ logProbs, oldLogProbs, advantages }, horizon, scratch) -
      surrogate({ logProbs: oldLogProbs, oldLogProbs, advantages }, horizon, scratch),
    surrogate: surrogate({ logProbs, oldLogProbs, advantages }, horizon, scratch),
    kl: divergences.reduce((sum, divergence) => sum + divergence / horizon, 0),
    moved: policy.actor.parameters.some((weight, i) => weight !== before[i]),
  };
}

const tasks: readonly [string, () => Env<Box, Discrete | Box>][] = [
  ["CartPole-v1", () => make("CartPole-v1")],
  ["Pendulum-v1", unboundedPendulum],
];

test.each(tasks)(
  "on %s, at every update, the surrogate does not fall and KL is within the target, as a bystander reckons",
  async (_, makeEnv) => {
    const steps: Witnessed[] = [];
    const kernel = wasmKernel({ bytes: 2 ** 23 });
    let before: Float32Array | null = null;
    const fractions: number[] = [];
    for await (const { policy, metrics } of trpo(() => witness(makeEnv(), steps), options, { kernel })) {
      const after = policy.parameters.slice();
      const rollout = steps.splice(0);
      expect(rollout).toHaveLength(horizon);
      const found = recompute(rollout, before, after, makeEnv());
      expect(found.gain).toBeGreaterThanOrEqual(-1e-6);
      expect(found.kl).toBeLessThan(targetKl * (1 + 1e-4));
      expect(metrics.kl).toBeCloseTo(found.kl, 5);
      expect(metrics.policyLoss).toBeCloseTo(-found.surrogate, 4);
      expect(found.moved).toBe(metrics.stepFraction! > 0);
      fractions.push(metrics.stepFraction!);
      before = after;
    }
    expect(fractions).toHaveLength(updates);
    expect(fractions.filter((fraction) => fraction > 0).length).toBeGreaterThan(updates / 2);
    expect(fractions.filter((fraction) => fraction < 1).length).toBeGreaterThan(0);
  },
);

describe("the optimizer", () => {
  test("remembers moments of the critic alone", async () => {
    const first = await trpo(() => make("Pendulum-v1"), options, { kernel: wasmKernel({ bytes: 2 ** 23 }) }).next();
    const { arrays } = first.value!.snapshot();
    // critic: 3·16 + 16 + 16 + 1
    expect(arrays["firstMoment"]).toHaveLength(81);
    expect(arrays["secondMoment"]).toHaveLength(81);
  });

  test.each([false, true])(
    "where no step is accepted, only the critic changes, shared trunk %s",
    async (sharedTrunk) => {
      // Of 1e-30 no step of float32 parameters is left, so that none can gain.
      const refused = { ...options, sharedTrunk, targetKl: 1e-30 };
      // (4 + 1)·16 + (16 + 1)·2, whether the first of it is a trunk or not
      const actorSize = 114;
      let before: Float32Array | null = null;
      for await (const { policy, metrics } of trpo(() => make("CartPole-v1"), refused)) {
        expect([metrics.stepFraction, metrics.kl]).toEqual([0, 0]);
        if (before) {
          expect(policy.parameters.slice(0, actorSize)).toEqual(before.slice(0, actorSize));
          expect(policy.parameters.slice(actorSize)).not.toEqual(before.slice(actorSize));
        }
        before = policy.parameters.slice();
      }
    },
  );
});

test("the metric is taken over a share of the rows without letting KL beyond the target over all", async () => {
  const kls: number[] = [];
  for await (const { metrics } of trpo(() => make("CartPole-v1"), { ...options, fisherFraction: 0.1 })) {
    kls.push(metrics.kl!);
  }
  expect(Math.max(...kls)).toBeLessThan(targetKl);
  expect(Math.max(...kls)).toBeGreaterThan(targetKl / 10);
});

test("a share of the rows gives another metric, and with it another step of the policy", async () => {
  const afterOne = async (fisherFraction: number) => {
    const first = await trpo(() => make("CartPole-v1"), { ...options, fisherFraction }).next();
    return first.value!.policy.parameters.slice();
  };
  const [whole, tenth] = [await afterOne(1), await afterOne(0.1)];
  expect(tenth).not.toEqual(whole);
});

test("an option that is out of range is refused by name", async () => {
  const start = (wrong: object) => trpo(() => make("CartPole-v1"), wrong).next();
  await expect(start({ targetKl: 0 })).rejects.toThrow("trpo: targetKl must be a positive number, got 0.");
  await expect(start({ fisherFraction: 0 })).rejects.toThrow("trpo: fisherFraction must lie in (0, 1], got 0.");
  await expect(start({ lineSearchShrink: 1.5 })).rejects.toThrow("trpo: lineSearchShrink must lie in (0, 1], got 1.5.");
  await expect(start({ entropyCoefficient: 0.1 })).rejects.toThrow('trpo: unknown option "entropyCoefficient".');
});
