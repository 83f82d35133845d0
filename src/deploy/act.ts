import { choicesOf, countOf, indexOf } from "../env/countable.ts";
import { actionSize, flatSize, type Space, type ValueOf } from "../env/space.ts";
import { decodeAction, flatten } from "../env/space-value.ts";
import { denseForward } from "../kernel/reference/dense.ts";
import { evaluateForest, type Forest, requireForest } from "../math/forest.ts";
import { createRandom, type Random } from "../math/random.ts";
import type { Normalization, Policy } from "../policy/policy.ts";
import { createHead } from "./head/create-head.ts";
import type { ActionDistribution } from "./head/head.ts";
import { requireObservation } from "./observation.ts";

/** The part of a policy that acting needs: all but the critic. */
export type ActingPolicy<O extends Space = Space, A extends Space = Space> = Omit<Policy<O, A>, "parameters">;

export interface ActOptions {
  /** The most likely action (the default), or one by chance. */
  readonly deterministic?: boolean;
  /** 1 where an action is allowed, one entry per logit or action value; a policy for a Box takes none. */
  readonly mask?: Uint8Array | undefined;
  /** Where chance comes from; the actor's own `createRandom(0)` unless given. */
  readonly random?: Random;
}

/** A policy at work. */
export interface Actor<O extends Space = Space, A extends Space = Space> {
  act(observation: ValueOf<O>, options?: ActOptions): ValueOf<A>;
  /** How likely each action is. */
  distributionAt(observation: ValueOf<O>, options?: Pick<ActOptions, "mask">): ActionDistribution;
}

/** Acts on the policy's live arrays: what training writes to them, the next action follows. Allocates nothing but the action. */
export function createActor<O extends Space, A extends Space>(policy: ActingPolicy<O, A>): Actor<O, A> {
  const { observationSpace, actionSpace, layers, normalization } = policy;
  const head = createHead(policy);
  const network = policy.forest ? forestNetwork(policy.forest) : layerNetwork(layers);
  requireFit(policy, head.outputs);

  const inputs = new Float32Array(flatSize(observationSpace));
  const encode = policy.encoding === "index" ? indexEncoder(observationSpace) : (flat: Float32Array) => flat;
  const action = new Float32Array(actionSize(actionSpace));
  const ownRandom = createRandom(0);

  function forward(observation: ValueOf<O>, mask: Uint8Array | undefined): Float32Array {
    requireObservation(observationSpace, observation);
    requireMask(mask);
    flatten(observationSpace, observation, inputs, 0);
    if (normalization) normalize(inputs, normalization);
    const signal = network(encode(inputs));
    if (signal.some(Number.isNaN)) {
      throw new RangeError("act: the network's output is not a number: its weights or the observation are not finite.");
    }
    return signal;
  }

  function requireMask(mask: Uint8Array | undefined): void {
    if (mask === undefined) return;
    if (head.maskLength === 0) throw new TypeError(`act: a ${policy.distribution} policy takes no mask.`);
    if (!(mask instanceof Uint8Array)) throw new TypeError(`act: mask must be a Uint8Array, got ${typeof mask}.`);
    if (mask.length === head.maskLength) return;
    throw new RangeError(`act: mask must have length ${head.maskLength}, one entry per logit, got ${mask.length}.`);
  }

  return {
    act(observation, { deterministic = true, mask, random = ownRandom } = {}) {
      head.choose(forward(observation, mask), action, mask, deterministic ? null : random);
      return decodeAction(actionSpace, action, 0);
    },
    distributionAt: (observation, { mask } = {}) => head.distribution(forward(observation, mask), mask),
  };
}

/** From what was seen to what the head reads. */
type Forward = (inputs: Float32Array) => Float32Array;

function layerNetwork(layers: ActingPolicy["layers"]): Forward {
  const signals = layers.map((layer) => new Float32Array(layer.outputs));
  return (inputs) => {
    let signal = inputs;
    for (let i = 0; i < layers.length; i++) {
      const { weights, bias, inputs: width, outputs, activation } = layers[i];
      denseForward(signal, weights, bias, signals[i], 1, width, outputs, activation);
      signal = signals[i];
    }
    return signal;
  };
}

function forestNetwork(forest: Forest): Forward {
  const values = new Float32Array(forest.outputs);
  return (inputs) => {
    evaluateForest(forest, inputs, 1, inputs.length, values);
    return values;
  };
}

/** Numbers that the first layer sees. */
export function inputSize({ observationSpace, encoding }: Pick<Policy, "observationSpace" | "encoding">): number {
  return encoding === "index" ? countOf(requireChoices(observationSpace)) : flatSize(observationSpace);
}

/** From a one-hot for each choice to a single one over all that the space can hold. */
function indexEncoder(space: Space): (flat: Float32Array) => Float32Array {
  const choices = requireChoices(space);
  const row = new Float32Array(countOf(choices));
  return (flat) => {
    row.fill(0);
    row[indexOf(choices, flat, 0)] = 1;
    return row;
  };
}

function requireChoices(space: Space): readonly number[] {
  const choices = choicesOf(space);
  if (choices) return choices;
  throw new TypeError(`createActor: encoding "index" needs observations that can be counted, got ${space.kind}.`);
}

/** In double precision, as in training. */
function normalize(x: Float32Array, { mean, variance, epsilon, clip }: Normalization): void {
  for (let i = 0; i < x.length; i++) {
    const scaled = (x[i] - mean[i]) * (1 / Math.sqrt(variance[i] + epsilon));
    x[i] = Math.min(Math.max(scaled, -clip), clip);
  }
}

/** Each layer must take what the one before it gives, and a forest what there is. */
function requireFit({ forest, layers, ...policy }: ActingPolicy, outputs: number): void {
  const inputs = inputSize(policy);
  if (forest) {
    requireForest(forest, inputs, outputs);
    return;
  }
  const ends = [...layers.map((layer) => layer.inputs), outputs];
  const starts = [inputs, ...layers.map((layer) => layer.outputs)];
  if (ends.every((size, i) => size === starts[i])) return;
  throw new RangeError(
    `createActor: layers of ${layers.map((layer) => `${layer.inputs}→${layer.outputs}`).join(", ")} do not lead from ${inputs} numbers to ${outputs}.`,
  );
}
