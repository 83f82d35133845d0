import type { Evaluation } from "../run/evaluate.ts";

/** What `--json` prints: these fields and no others. Scripts and benchmarks rely on them. */
export interface Result {
  readonly algorithm: string;
  readonly environment: string;
  readonly seed: number;
  readonly steps: number;
  readonly seconds: number;
  readonly stepsPerSecond: number;
  readonly evaluation: Pick<Evaluation, "episodes" | "mean" | "std" | "iqm" | "ci95">;
  readonly parametersHash: string;
  /** Told only where it is false: the same seed need not give this hash. */
  readonly reproducible?: boolean;
  /** The run's folder, or the policy's file. */
  readonly run: string;
}

export function resultLine(result: Result): string {
  const { algorithm, environment, seed, steps, seconds, stepsPerSecond, parametersHash, run } = result;
  const { episodes, mean, std, iqm, ci95 } = result.evaluation;
  const evaluation = { episodes, mean, std, iqm, ci95 };
  const told = { algorithm, environment, seed, steps, seconds, stepsPerSecond, evaluation, parametersHash };
  return `${JSON.stringify({ ...told, ...(result.reproducible === false && { reproducible: false }), run })}\n`;
}
