import { actionSize, flatSize, type Space } from "../env/space.ts";
import type { Activation, Kernel } from "../kernel/kernel.ts";
import type { Random } from "../math/random.ts";
import { createDistribution, distributionShape } from "./distribution/create-distribution.ts";
import type { Distribution } from "./distribution/distribution.ts";
import { createNetwork, type Network, type NetworkShape, parameterCount } from "./network.ts";
import { orthogonal } from "./orthogonal.ts";
import type { Normalization, Policy } from "./policy.ts";

/** π and V over one flat array of parameters: [log standard deviations | trunk | actor | critic]. */
export interface ActorCritic<O extends Space = Space, A extends Space = Space> extends Policy<O, A> {
  readonly distributionOf: Distribution;
  /** dL/dθ, as `parameters` is laid out. */
  readonly gradients: Float32Array;
  /** Draws an action for each observation [batch, observationSize]. */
  act(observations: Float32Array, masks: Uint8Array | null, batch: number, random: Random, out: Draw): void;
  /** V of each observation, any number of them, into `out`. */
  values(observations: Float32Array, count: number, out: Float32Array): void;
  /** log π(a|s), entropy and V of a batch, ready for `backward`; views that the next call overwrites. */
  evaluate(samples: Samples): Evaluation;
  /** From the loss's slopes, [batch] each, at what `evaluate` returned, to `gradients`. */
  backward(slopes: Slopes): void;
  /** All that π depends on, a shared trunk too. */
  readonly actor: Share;
  /** What V alone depends on. */
  readonly critic: Share;
  /** From the loss's slopes at the `batch` rows that `values` has just judged, to the gradients of `critic`. */
  backwardValues(dValues: Float32Array, batch: number): void;
  /**
   * The Fisher matrix of the batch last evaluated, which is the Hessian of its mean KL, times a direction.
   * Both are laid out as `actor` is; overwrites the gradients of `actor`.
   */
  fisherProduct(direction: Float32Array, product: Float32Array): void;
}

/** Some of the parameters and their gradients, in place. */
export interface Share {
  readonly parameters: Float32Array;
  readonly gradients: Float32Array;
}

export interface Draw {
  /** [batch, actionSize] */
  readonly actions: Float32Array;
  /** log π(a|s), [batch] */
  readonly logProbs: Float32Array;
}

export interface Samples {
  /** Rows in use. */
  readonly size: number;
  readonly observations: Float32Array;
  readonly actions: Float32Array;
  readonly masks: Uint8Array | null;
}

export interface Evaluation {
  readonly logProbs: Float32Array;
  readonly entropies: Float32Array;
  readonly values: Float32Array;
  /** What the distribution is made of: logits or means, [batch, size]. */
  readonly outputs: Float32Array;
}

export interface Slopes {
  readonly dLogProbs: Float32Array;
  readonly dEntropies: Float32Array;
  readonly dValues: Float32Array;
}

/** What of an actor-critic is a matter of choice. */
export interface ActorCriticShape {
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[];
  readonly activation: Activation;
  /** One trunk for both, or a network each. */
  readonly sharedTrunk: boolean;
  /** Of the Gaussian, at the start. */
  readonly initialLogStd: number;
}

/** The spaces of an environment, and the moments its observations are normalised by, if they are. */
export interface Interface<O extends Space, A extends Space> {
  readonly observationSpace: O;
  readonly actionSpace: A;
  readonly normalization?: Normalization | null;
}

/** A fresh actor-critic, orthogonally initialised: gain √2 in hidden layers, 0.01 for the actor's last and 1 for the critic's. */
export function createActorCritic<O extends Space, A extends Space>(
  kernel: Kernel,
  { observationSpace, actionSpace, normalization = null }: Interface<O, A>,
  { hidden, activation, sharedTrunk, initialLogStd }: ActorCriticShape,
  maxBatch: number,
  random: Random,
): ActorCritic<O, A> {
  const inputs = flatSize(observationSpace);
  const { kind, size } = distributionShape(actionSpace);
  const width = hidden.at(-1) ?? inputs;
  const shared = sharedTrunk && hidden.length > 0;
  const shapes: NetworkShape[] = shared
    ? [
        { sizes: [inputs, ...hidden], activation, outputActivation: activation },
        { sizes: [width, size], activation, outputActivation: "identity" },
        { sizes: [width, 1], activation, outputActivation: "identity" },
      ]
    : [
        { sizes: [inputs, ...hidden, size], activation, outputActivation: "identity" },
        { sizes: [inputs, ...hidden, 1], activation, outputActivation: "identity" },
      ];
  const logStdSize = kind === "gaussian" ? actionSize(actionSpace) : 0;
  const total = shapes.reduce((sum, shape) => sum + parameterCount(shape), logStdSize);
  const parameters = kernel.float32(total);
  const gradients = kernel.float32(total);
  const logStd = parameters.subarray(0, logStdSize).fill(initialLogStd);

  const share = (start: number, end: number): Share => ({
    parameters: parameters.subarray(start, end),
    gradients: gradients.subarray(start, end),
  });
  let offset = logStdSize;
  const networks = shapes.map((shape) => {
    const own = share(offset, offset + parameterCount(shape));
    offset += parameterCount(shape);
    return createNetwork(kernel, shape, own.parameters, own.gradients, maxBatch);
  });
  const trunk = shared ? networks[0] : null;
  const [actor, critic] = networks.slice(-2);
  initialize(trunk, actor, critic, random);
  const trunkEnd = logStdSize + (trunk ? parameterCount(shapes[0]) : 0);
  const actorEnd = total - parameterCount(shapes[shapes.length - 1]);
  const actorShare = share(0, actorEnd);

  const distribution = createDistribution(kernel, actionSpace, logStd, gradients.subarray(0, logStdSize), maxBatch);
  const logProbs = kernel.float32(maxBatch);
  const entropies = kernel.float32(maxBatch);
  const dActor = kernel.float32(maxBatch * size);
  const dTrunk = kernel.float32(trunk ? maxBatch * trunk.outputs : 0);
  let evaluated: Samples = { size: 0, observations: parameters, actions: parameters, masks: null };
  let parametersOfActions: Float32Array = parameters;

  /** What both heads see: the observations themselves, or what the shared trunk makes of them. */
  const features = (observations: Float32Array, batch: number) =>
    trunk ? trunk.forward(observations, batch) : observations;
  const toTrunk = { dx: dTrunk, activation: "identity", accumulate: false } as const;

  return {
    observationSpace,
    actionSpace,
    distribution: kind,
    distributionOf: distribution,
    layers: [...(trunk?.layers ?? []), ...actor.layers],
    logStd: kind === "gaussian" ? logStd : null,
    normalization,
    parameters,
    gradients,

    act(observations, masks, batch, draws, out) {
      const outputs = actor.forward(features(observations, batch), batch);
      distribution.sample(outputs, masks, batch, draws, out.actions, out.logProbs);
    },

    values(observations, count, out) {
      for (let start = 0; start < count; start += maxBatch) {
        const batch = Math.min(maxBatch, count - start);
        const rows = observations.subarray(start * inputs, (start + batch) * inputs);
        out.set(critic.forward(features(rows, batch), batch).subarray(0, batch), start);
      }
    },

    evaluate(samples) {
      evaluated = samples;
      const { observations, actions, masks, size: batch } = samples;
      const seen = features(observations, batch);
      parametersOfActions = actor.forward(seen, batch);
      const values = critic.forward(seen, batch);
      distribution.evaluate(parametersOfActions, masks, actions, batch, logProbs, entropies);
      return { logProbs, entropies, values, outputs: parametersOfActions };
    },

    backward({ dLogProbs, dEntropies, dValues }) {
      const { actions, size: batch } = evaluated;
      distribution.backward(parametersOfActions, actions, dLogProbs, dEntropies, batch, dActor);
      if (!trunk) {
        actor.backward(dActor, batch);
        critic.backward(dValues, batch);
        return;
      }
      actor.backward(dActor, batch, toTrunk);
      critic.backward(dValues, batch, { ...toTrunk, accumulate: true });
      trunk.backward(dTrunk, batch);
    },

    actor: actorShare,
    critic: share(actorEnd, total),

    backwardValues(dValues, batch) {
      critic.backward(dValues, batch);
    },

    fisherProduct(direction, product) {
      const { size: batch } = evaluated;
      const seenTangent = trunk ? trunk.jvp(direction.subarray(logStdSize, trunkEnd), batch, null) : null;
      const tangent = actor.jvp(direction.subarray(trunkEnd), batch, seenTangent);
      distribution.metric(tangent, direction.subarray(0, logStdSize), batch, dActor);
      actor.backward(dActor, batch, trunk ? toTrunk : undefined);
      trunk?.backward(dTrunk, batch);
      product.set(actorShare.gradients);
    },
  };
}

function initialize(trunk: Network | null, actor: Network, critic: Network, random: Random): void {
  for (const layer of trunk?.layers ?? []) orthogonal(layer, Math.SQRT2, random);
  for (const network of [actor, critic]) {
    for (const layer of network.layers.slice(0, -1)) orthogonal(layer, Math.SQRT2, random);
  }
  orthogonal(actor.layers[actor.layers.length - 1], 0.01, random);
  orthogonal(critic.layers[critic.layers.length - 1], 1, random);
}
