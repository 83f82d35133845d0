/** The error for an observation or a reward that is NaN or infinite: which environment, which copy, when, what. */
export function notFinite(id: string, index: number, step: number, observation: Float32Array, reward: number): Error {
  return new Error(
    `${id}: sub-environment ${index} returned what is not finite in single precision, at step ${step} of its episode: ` +
      `observation [${observation}], reward ${reward}.`,
  );
}
