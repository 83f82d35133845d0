/** A learned policy over the planner's choices. */
export interface RecoveryPolicy {
  /** sha256 of its parameters. */
  readonly hash: string;
  /** Writes how likely each choice is, [choices]; a masked one gets 0. `observation` is what the encoder made. */
  probabilities(observation: Float32Array, mask: Uint8Array, out: Float32Array): void;
}
