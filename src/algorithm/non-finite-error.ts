/** Learning met NaN or infinity, and stopped before it could spread. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";
}

/** Refuses a value that is not finite, naming the stage and the step. */
export function assertFinite(algorithm: string, stage: string, steps: number, name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new NonFiniteError(
    `${algorithm}: ${name} became ${value} in the ${stage} at step ${steps}. ` +
      "A smaller learningRate, a smaller maxGradientNorm or normalizeObservations=true may help.",
  );
}
