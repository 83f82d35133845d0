import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import type { Space } from "../env/space.ts";
import { type SpaceJson, spaceFromJson, spaceToJson } from "../env/space-json.ts";
import type { Activation } from "../kernel/kernel.ts";
import type { Forest } from "../math/forest.ts";
import type { DistributionKind, Layer, Normalization, Policy, ValueSupport } from "../policy/policy.ts";
import { type ActingPolicy, inputSize } from "./act.ts";
import { decodeSafetensors, encodeSafetensors, type Safetensors, type Tensor } from "./safetensors.ts";

/** Where a policy comes from. */
export interface TrainingRecord {
  readonly algorithm: string;
  readonly environment: string;
  readonly seed: number;
  /** Environment steps. */
  readonly steps: number;
  /** The algorithm's, all of them. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Of belay-rl. */
  readonly version: string;
  /** By `parametersHash`, of all learned numbers, the critic's too. */
  readonly parametersHash: string;
}

/** A policy as a file holds it: it can act, and it knows where it comes from. */
export interface SavedPolicy<O extends Space = Space, A extends Space = Space> extends ActingPolicy<O, A> {
  readonly training: TrainingRecord;
}

const FORMAT = "belay-policy/1";

/** Under the key "belay" of the file's metadata, as JSON. The numbers are tensors beside it. */
interface Header {
  readonly format: typeof FORMAT;
  readonly observationSpace: SpaceJson;
  readonly actionSpace: SpaceJson;
  readonly distribution: DistributionKind;
  readonly encoding?: Policy["encoding"];
  /** In the place of a network, whose lists are empty then. */
  readonly forest?: Pick<Forest, "outputs">;
  /** Layer i leads from sizes[i] to sizes[i + 1] numbers, through activations[i]. */
  readonly network: { readonly sizes: readonly number[]; readonly activations: readonly Activation[] };
  readonly support?: ValueSupport;
  readonly normalization: Pick<Normalization, "epsilon" | "clip"> | null;
  readonly training: TrainingRecord;
}

/** One safetensors file, with a hash over everything in it. Equal policies make equal bytes. */
export function encodePolicy(policy: ActingPolicy, training: TrainingRecord): Uint8Array<ArrayBuffer> {
  const { layers, logStd, support, normalization } = policy;
  const header: Header = {
    format: FORMAT,
    observationSpace: spaceToJson(policy.observationSpace),
    actionSpace: spaceToJson(policy.actionSpace),
    distribution: policy.distribution,
    ...(policy.encoding && { encoding: policy.encoding }),
    ...(policy.forest && { forest: { outputs: policy.forest.outputs } }),
    network: {
      sizes: [inputSize(policy), ...layers.map((layer) => layer.outputs)],
      activations: layers.map((layer) => layer.activation),
    },
    ...(support && { support }),
    normalization: normalization && { epsilon: normalization.epsilon, clip: normalization.clip },
    training,
  };
  const tensors: Record<string, Tensor> = {};
  layers.forEach(({ inputs, outputs, weights, bias }, i) => {
    tensors[`layers.${i}.weights`] = { shape: [inputs, outputs], data: weights };
    tensors[`layers.${i}.bias`] = { shape: [outputs], data: bias };
  });
  if (policy.forest) {
    const { nodes, roots } = policy.forest;
    tensors["forest.nodes"] = { shape: [nodes.length / 3, 3], data: nodes };
    tensors["forest.roots"] = { shape: [roots.length], data: roots };
  }
  if (logStd) tensors["logStd"] = { shape: [logStd.length], data: logStd };
  if (normalization) {
    tensors["normalization.mean"] = float64(normalization.mean);
    tensors["normalization.variance"] = float64(normalization.variance);
  }
  const belay = JSON.stringify(header);
  return encodeSafetensors(tensors, { belay, sha256: contentHash(tensors, belay) });
}

/** Reads what `encodePolicy` wrote, and refuses what has changed since. */
export function decodePolicy(bytes: Uint8Array): SavedPolicy {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const header = verifiedHeader({ tensors, metadata });
  const { sizes, activations } = header.network;

  const layers = activations.map((activation, i): Layer => {
    const [inputs, outputs] = [sizes[i], sizes[i + 1]];
    const weights = requireTensor(tensors, `layers.${i}.weights`, [inputs, outputs], Float32Array);
    const bias = requireTensor(tensors, `layers.${i}.bias`, [outputs], Float32Array);
    return { inputs, outputs, activation, weights, bias };
  });
  const gaussian = header.distribution === "gaussian";
  return {
    observationSpace: spaceFromJson(header.observationSpace),
    actionSpace: spaceFromJson(header.actionSpace),
    distribution: header.distribution,
    ...(header.encoding && { encoding: header.encoding }),
    ...(header.forest && { forest: forestOf(tensors, header.forest.outputs) }),
    layers,
    logStd: gaussian ? requireTensor(tensors, "logStd", [sizes[sizes.length - 1]], Float32Array) : null,
    ...(header.support && { support: header.support }),
    normalization: header.normalization && {
      ...header.normalization,
      mean: requireTensor(tensors, "normalization.mean", [sizes[0]], Float64Array),
      variance: requireTensor(tensors, "normalization.variance", [sizes[0]], Float64Array),
    },
    training: header.training,
  };
}

function forestOf(tensors: Safetensors["tensors"], outputs: number): Forest {
  const [nodes = 0] = tensors["forest.nodes"]?.shape ?? [];
  const [roots = 0] = tensors["forest.roots"]?.shape ?? [];
  return {
    nodes: requireTensor(tensors, "forest.nodes", [nodes, 3], Float32Array),
    roots: requireTensor(tensors, "forest.roots", [roots], Int32Array),
    outputs,
  };
}

/** The name of a set of parameters: sha256 over their little-endian bytes, in hexadecimal. */
export function parametersHash(parameters: Float32Array): string {
  return bytesToHex(sha256(new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength)));
}

/** sha256 of the file as it would be without the hash: header, names, shapes and numbers. */
function contentHash(tensors: Safetensors["tensors"], belay: string): string {
  return bytesToHex(sha256(encodeSafetensors(tensors, { belay })));
}

function verifiedHeader({ tensors, metadata: { belay, sha256 } }: Safetensors): Header {
  if (belay === undefined) {
    throw new Error(`decodePolicy: a safetensors file, but not a policy: its metadata has no "belay".`);
  }
  if (contentHash(tensors, belay) !== sha256) {
    throw new Error(
      "decodePolicy: the file does not match its sha256: it was damaged or changed. Export the policy again.",
    );
  }
  const header = JSON.parse(belay) as Header;
  if (header.format === FORMAT) return header;
  throw new Error(`decodePolicy: this version of belay-rl reads ${FORMAT}, got ${JSON.stringify(header.format)}.`);
}

function requireTensor<T extends Tensor["data"]>(
  tensors: Safetensors["tensors"],
  name: string,
  shape: readonly number[],
  type: new (length: number) => T,
): T {
  const tensor = tensors[name];
  if (tensor?.data instanceof type && String(tensor.shape) === String(shape)) return tensor.data;
  const got = tensor ? `${tensor.data.constructor.name} [${tensor.shape}]` : "nothing";
  throw new Error(`decodePolicy: tensor "${name}" must be a ${type.name} of shape [${shape}], got ${got}.`);
}

function float64(values: ArrayLike<number>): Tensor {
  return { shape: [values.length], data: Float64Array.from(values) };
}
