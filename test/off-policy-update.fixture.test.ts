import { describe, expect, test } from "vitest";
import { createDdpgUpdate } from "../src/algorithm/ddpg.ts";
import { createDeterministicNetworks } from "../src/algorithm/deterministic-networks.ts";
import { createSacNetworks, createSacUpdate } from "../src/algorithm/sac.ts";
import { createTd3Update } from "../src/algorithm/td3.ts";
import type { Activation, Kernel } from "../src/kernel/kernel.ts";
import { createRandom } from "../src/math/random.ts";
import type { Transitions } from "../src/rollout/transitions.ts";
import { algorithmFixture, expectClose, referenceKernel, wasmKernel } from "./fixture.ts";
import { criticsIn, expectWeights, loadWeights, sequential, type TorchWeights } from "./torch-network.ts";

interface Step {
  readonly observations: readonly number[][];
  readonly actions: readonly number[][];
  readonly next_observations: readonly number[][];
  readonly rewards: readonly number[][];
  readonly dones: readonly number[][];
}

interface OffPolicyCase {
  readonly algorithm: string;
  readonly hidden: readonly number[];
  readonly activation: string;
  readonly hyper: {
    readonly learning_rate: number;
    readonly gamma: number;
    readonly tau: number;
    readonly optimizer: { readonly eps: number; readonly betas: readonly [number, number] };
  };
  readonly gradientSteps: readonly Step[];
  /** Of a gradient step, as the algorithm draws it, [·, M, actionSize]. */
  readonly noiseInOrderDrawn: readonly (readonly number[][])[];
  readonly weightsBefore: TorchWeights;
  readonly weightsAfter: TorchWeights;
  readonly logged: Readonly<Record<string, number>>;
}

interface SacCase extends OffPolicyCase {
  readonly hyper: OffPolicyCase["hyper"] & { readonly target_update_interval: number };
  readonly targetEntropy: number;
  /** null where the temperature is fixed. */
  readonly logEntCoefBefore: number | null;
  readonly logEntCoefAfter: number | null;
}

interface DeterministicCase extends OffPolicyCase {
  readonly hyper: OffPolicyCase["hyper"] & { readonly policy_delay: number; readonly target_noise_clip: number };
}

for (const makeKernel of [referenceKernel, wasmKernel]) {
  const sac = algorithmFixture<SacCase>("sac_update");
  describe.skipIf(sac.absent)(`sac_update.json, ${makeKernel.name}`, () => {
    test.each(sac.cases)("log α from $logEntCoefBefore to $logEntCoefAfter, $hyper", (item) => {
      const { hyper, weightsBefore, weightsAfter, logged } = item;
      const { kernel, rows, sizes, batchOf, noiseOf } = prepare(withEpsilonInLog(makeKernel()), item);
      const isLearned = item.logEntCoefBefore !== null;
      const config = {
        hidden: item.hidden,
        activation: item.activation as Activation,
        batchSize: rows,
        tau: hyper.tau,
        maxGradientNorm: 0,
        optimizerEpsilon: hyper.optimizer.eps,
        initialTemperature: isLearned ? 1 : logged["train/ent_coef"],
        learnTemperature: isLearned,
        targetEntropy: item.targetEntropy,
      };
      const networks = createSacNetworks(kernel, sizes, config, rows, createRandom(0));
      expect(criticsIn(weightsBefore), "critics").toBe(networks.critics.networks.length);
      const [{ logTemperature }, depth] = [networks.parameters.part, item.hidden.length];
      const named = [
        [networks.actor.network, [...sequential("actor.latent_pi", depth), ["actor.mu", "actor.log_std"]]] as const,
        ...networks.critics.networks.map((network, i) => [network, sequential(`critic.qf${i}`, depth + 1)] as const),
        ...networks.targets.networks.map(
          (network, i) => [network, sequential(`critic_target.qf${i}`, depth + 1)] as const,
        ),
      ];
      for (const [{ layers }, names] of named) loadWeights(layers, names, weightsBefore);
      logTemperature[0] = item.logEntCoefBefore ?? 0;

      const whole = createSacUpdate(kernel, networks, config);
      const withoutTargets = createSacUpdate(kernel, networks, { ...config, tau: 0 });
      const changes = item.gradientSteps.map((step, i) =>
        (i % hyper.target_update_interval === 0 ? whole : withoutTargets)(
          batchOf(step),
          { now: noiseOf(2 * i), next: noiseOf(2 * i + 1) },
          hyper.learning_rate,
          0,
        ),
      );
      for (const [{ layers }, names] of named) expectWeights(layers, names, weightsAfter);
      if (isLearned) close(logTemperature[0], item.logEntCoefAfter as number, "log α");
      close(meanOf(changes, "policyLoss"), logged["train/actor_loss"], "actor loss");
      close(meanOf(changes, "valueLoss"), logged["train/critic_loss"], "critic loss"); // there ½ of each of two, here their mean
      close(meanOf(changes, "temperature"), logged["train/ent_coef"], "temperature");
      if (isLearned) close(meanOf(changes, "temperatureLoss"), logged["train/ent_coef_loss"], "temperature's loss");
    });
  });

  const deterministic = algorithmFixture<DeterministicCase>("td3_update");
  describe.skipIf(deterministic.absent)(`td3_update.json, ${makeKernel.name}`, () => {
    test.each(deterministic.cases)("$algorithm, $hyper", (item) => {
      const { algorithm, hyper, weightsBefore, weightsAfter, logged } = item;
      const { kernel, rows, sizes, batchOf, noiseOf } = prepare(makeKernel(), item);
      const config = {
        hidden: item.hidden,
        activation: item.activation as Activation,
        batchSize: rows,
        tau: hyper.tau,
        maxGradientNorm: 0,
        optimizerEpsilon: hyper.optimizer.eps,
        targetNoiseClip: hyper.target_noise_clip,
      };
      const criticCount = criticsIn(weightsBefore);
      const networks = createDeterministicNetworks(kernel, sizes, config, criticCount, rows, createRandom(0));
      const depth = item.hidden.length + 1;
      const critics = (name: string) =>
        Array.from({ length: criticCount }, (_, i) => sequential(`${name}.qf${i}`, depth));
      const named = [
        [networks.actor, sequential("actor.mu", depth)] as const,
        [networks.targetActor, sequential("actor_target.mu", depth)] as const,
        ...critics("critic").map((names, i) => [networks.critics.networks[i], names] as const),
        ...critics("critic_target").map((names, i) => [networks.targetCritics.networks[i], names] as const),
      ];
      for (const [{ layers }, names] of named) loadWeights(layers, names, weightsBefore);

      // DDPG is here what its paper says: one critic, no noise at the target, a policy that is never late.
      const isDdpg = algorithm === "DDPG";
      if (isDdpg) expect([criticCount, hyper.target_noise_clip, hyper.policy_delay]).toEqual([1, 0, 1]);
      const td3 = createTd3Update(kernel, networks, config);
      const ddpg = createDdpgUpdate(kernel, networks, config);
      const changes = item.gradientSteps.map((step, i) => {
        const batch = batchOf(step);
        if (isDdpg) return ddpg(batch, hyper.learning_rate, 0);
        return td3(batch, noiseOf(i), (i + 1) % hyper.policy_delay === 0, hyper.learning_rate, 0);
      });
      for (const [{ layers }, names] of named) expectWeights(layers, names, weightsAfter);
      const policyLosses = changes.flatMap(({ policyLoss }) => policyLoss ?? []);
      const policyLoss = policyLosses.reduce((sum, loss) => sum + loss, 0) / policyLosses.length;
      close(policyLoss, logged["train/actor_loss"], "actor loss");
      close(criticCount * meanOf(changes, "valueLoss"), logged["train/critic_loss"], "critic loss"); // there their sum
    });
  });
}

/**
 * The reference has log(1 − a² + 1e-6) where ours is exact. This adds what that changes to ours, in log π and in its slope
 * along u: −2a turns into −2a (1 − a²) / (1 − a² + 1e-6).
 */
function withEpsilonInLog(kernel: Kernel): Kernel {
  const epsilon = 1e-6;
  return {
    ...kernel,
    squashedGaussianForward(mean, logStd, noise, batch, size, actions, logProbs) {
      kernel.squashedGaussianForward(mean, logStd, noise, batch, size, actions, logProbs);
      for (let i = 0; i < batch * size; i++) {
        const u = Math.abs(mean[i] + Math.exp(logStd[i]) * noise[i]);
        const logSlope = 2 * (Math.LN2 - u - Math.log1p(Math.exp(-2 * u)));
        logProbs[Math.floor(i / size)] += logSlope - Math.log(Math.exp(logSlope) + epsilon);
      }
    },
    squashedGaussianBackward(logStd, noise, actions, dActions, dLogProbs, batch, size, dMean, dLogStd) {
      kernel.squashedGaussianBackward(logStd, noise, actions, dActions, dLogProbs, batch, size, dMean, dLogStd);
      for (let i = 0; i < batch * size; i++) {
        const slope = 1 - actions[i] * actions[i];
        const change = (-2 * actions[i] * dLogProbs[Math.floor(i / size)] * epsilon) / (slope + epsilon);
        dMean[i] += change;
        dLogStd[i] += change * Math.exp(logStd[i]) * noise[i];
      }
    },
  };
}

function prepare(kernel: Kernel, item: OffPolicyCase) {
  const [first] = item.gradientSteps;
  const rows = first.observations.length;
  const sizes = { observationSize: first.observations[0].length, actionSize: first.actions[0].length };
  expect(item.hyper.optimizer, "Adam, as ours is").toMatchObject({ name: "Adam", betas: [0.9, 0.999] });
  const column = (values: readonly (readonly number[])[]) => {
    const array = kernel.float32(values.flat().length);
    array.set(values.flat());
    return array;
  };
  const batchOf = (step: Step): Transitions => ({
    size: rows,
    observations: column(step.observations),
    actions: column(step.actions),
    rewards: column(step.rewards),
    discounts: column(step.dones.map(([ended]) => [item.hyper.gamma * (1 - ended)])),
    nextObservations: column(step.next_observations),
    masks: null,
    nextMasks: null,
    weights: kernel.float32(rows).fill(1),
    rows: kernel.int32(rows),
    nextRows: kernel.int32(rows),
  });
  return { kernel, rows, sizes, batchOf, noiseOf: (i: number) => column(item.noiseInOrderDrawn[i]) };
}

function meanOf<Name extends string>(changes: readonly Readonly<Partial<Record<Name, number>>>[], name: Name): number {
  return changes.reduce((sum, change) => sum + (change[name] ?? Number.NaN), 0) / changes.length;
}

function close(ours: number, theirs: number, where: string): void {
  expectClose([ours], [theirs], where, { relative: 1e-4, absolute: 1e-5 });
}
