import { describe, expect, test } from "vitest";
import { a2cDefaults, createA2cUpdate } from "../src/algorithm/a2c.ts";
import { createPpoUpdate, ppoDefaults } from "../src/algorithm/ppo.ts";
import { createCriticFit, trpoDefaults } from "../src/algorithm/trpo.ts";
import { createTrustRegionStep } from "../src/algorithm/trust-region-step.ts";
import { explainedVariance } from "../src/estimate/explained-variance.ts";
import { createMinibatches } from "../src/rollout/minibatches.ts";
import { algorithmFixture, referenceKernel, wasmKernel } from "./fixture.ts";
import { expectLogged, expectWeights, meanExp, optimizerOf, prepare, type UpdateCase } from "./update-case.ts";

for (const makeKernel of [referenceKernel, wasmKernel]) {
  const ppo = algorithmFixture<UpdateCase>("ppo_update");
  describe.skipIf(ppo.absent)(`ppo_update.json, ${makeKernel.name}`, () => {
    test.each(ppo.cases)("$actionSpace, $hyper", (item) => {
      const { kernel, policy, batch } = prepare(makeKernel(), item);
      const optimizer = optimizerOf(kernel, policy, item);
      const { hyper, permutations, logged } = item;
      const minibatches = createMinibatches(kernel, batch, hyper.batch_size ?? ppoDefaults.batchSize);
      const update = createPpoUpdate(kernel, policy, optimizer, minibatches, {
        ...ppoDefaults,
        epochs: hyper.n_epochs ?? ppoDefaults.epochs,
        batchSize: hyper.batch_size ?? ppoDefaults.batchSize,
        valueClipRange: hyper.clip_range_vf ?? 0,
        targetKl: hyper.target_kl ?? 0,
        normalizeAdvantages: hyper.normalize_advantage ?? true,
        valueCoefficient: hyper.vf_coef ?? 0.5,
        entropyCoefficient: hyper.ent_coef ?? 0,
        maxGradientNorm: hyper.max_grad_norm ?? 0.5,
      });
      let epoch = 0;
      const clipRange = logged["train/clip_range"] ?? hyper.clip_range ?? ppoDefaults.clipRange;
      const changes = update({ learningRate: hyper.learning_rate, clipRange, klCoefficient: 0, steps: 0 }, (order) =>
        order.set(permutations[epoch++]),
      );
      expect(epoch, "epochs begun").toBe(permutations.length);
      expectWeights(policy, item.weightsAfter);
      expectLogged(logged, {
        "train/clip_range": hyper.clip_range ?? clipRange,
        "train/clip_range_vf": hyper.clip_range_vf ?? 0,
        "train/loss": changes.loss,
        "train/n_updates": epoch,
        "train/learning_rate": hyper.learning_rate,
        "train/policy_gradient_loss": changes.policyLoss,
        "train/value_loss": changes.valueLoss,
        "train/entropy_loss": -changes.entropy,
        "train/approx_kl": changes.kl,
        "train/clip_fraction": changes.clippedFraction,
        "train/explained_variance": explainedVariance(batch.values, batch.returns, batch.size),
        ...(policy.logStd && { "train/std": meanExp(policy.logStd) }),
      });
    });
  });

  const a2c = algorithmFixture<UpdateCase>("a2c_update");
  describe.skipIf(a2c.absent)(`a2c_update.json, ${makeKernel.name}`, () => {
    test.each(a2c.cases)("$actionSpace, $hyper", (item) => {
      const { kernel, policy, batch } = prepare(makeKernel(), item);
      const optimizer = optimizerOf(kernel, policy, item);
      const { hyper, logged } = item;
      const explained = explainedVariance(batch.values, batch.returns, batch.size);
      const update = createA2cUpdate(kernel, policy, optimizer, batch, {
        normalizeAdvantages: hyper.normalize_advantage ?? a2cDefaults.normalizeAdvantages,
        valueCoefficient: hyper.vf_coef ?? a2cDefaults.valueCoefficient,
        entropyCoefficient: hyper.ent_coef ?? a2cDefaults.entropyCoefficient,
        maxGradientNorm: hyper.max_grad_norm ?? a2cDefaults.maxGradientNorm,
      });
      const changes = update(hyper.learning_rate, 0);
      expectWeights(policy, item.weightsAfter);
      expectLogged(logged, {
        "train/n_updates": 1,
        "train/learning_rate": hyper.learning_rate,
        "train/policy_loss": changes.policyLoss,
        "train/value_loss": changes.valueLoss,
        "train/entropy_loss": -changes.entropy,
        "train/explained_variance": explained,
        ...(policy.logStd && { "train/std": meanExp(policy.logStd) }),
      });
    });
  });

  const trpo = algorithmFixture<UpdateCase>("trpo_update");
  describe.skipIf(trpo.absent)(`trpo_update.json, ${makeKernel.name}`, () => {
    test.each(trpo.cases)("$actionSpace, $hyper", (item) => {
      const { kernel, policy, batch } = prepare(makeKernel(), item);
      const { hyper, permutations, logged } = item;
      // sb3-contrib averages KL over the places of a Box or MultiBinary action, of which it is the sum.
      const places = policy.distribution === "categorical" ? 1 : policy.distributionOf.actionSize;
      const config = {
        ...trpoDefaults,
        targetKl: places * (hyper.target_kl ?? trpoDefaults.targetKl),
        damping: places * (hyper.cg_damping ?? trpoDefaults.damping),
        conjugateGradientSteps: hyper.cg_max_steps ?? trpoDefaults.conjugateGradientSteps,
        lineSearchShrink: hyper.line_search_shrinking_factor ?? trpoDefaults.lineSearchShrink,
        lineSearchSteps: hyper.line_search_max_iter ?? trpoDefaults.lineSearchSteps,
        normalizeAdvantages: hyper.normalize_advantage ?? trpoDefaults.normalizeAdvantages,
        criticEpochs: hyper.n_critic_updates ?? trpoDefaults.criticEpochs,
        batchSize: hyper.batch_size ?? trpoDefaults.batchSize,
      };
      const explained = explainedVariance(batch.values, batch.returns, batch.size);
      const step = createTrustRegionStep(kernel, policy, batch, config)(0);
      // The first permutation is the order of the actor's whole batch; ours is as it lies.
      let pass = 0;
      const minibatches = createMinibatches(kernel, batch, config.batchSize);
      const fit = createCriticFit(kernel, policy, optimizerOf(kernel, policy.critic, item), minibatches, config);
      const valueLoss = fit(hyper.learning_rate, 0, (order) => order.set(permutations[++pass]));

      expect(pass + 1, "orders taken").toBe(permutations.length);
      expectWeights(policy, item.weightsAfter);
      expectLogged(logged, {
        "train/n_updates": 1,
        "train/learning_rate": hyper.learning_rate,
        "train/policy_objective": -step.policyLoss,
        "train/value_loss": valueLoss,
        "train/kl_divergence_loss": step.kl / places,
        "train/is_line_search_success": step.stepFraction > 0 ? 1 : 0,
        "train/explained_variance": explained,
        ...(policy.logStd && { "train/std": meanExp(policy.logStd) }),
      });
    });
  });
}
