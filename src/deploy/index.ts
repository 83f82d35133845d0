/** A trained policy at work, without the trainer. */
export type { Space, ValueOf } from "../env/space.ts";
export { createRandom, type Random } from "../math/random.ts";
export { type ActingPolicy, type ActOptions, type Actor, createActor } from "./act.ts";
export type { ActionDistribution } from "./head/head.ts";
export { type DeployedPolicy, load, type Spaces } from "./load.ts";
export { decodePolicy, encodePolicy, parametersHash, type SavedPolicy, type TrainingRecord } from "./policy-file.ts";
export { decodeSafetensors, encodeSafetensors, type Safetensors, type Tensor } from "./safetensors.ts";
