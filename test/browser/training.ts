/** Short trainings whose parameters must not depend on where they are done. */
import { type AlgorithmName, algorithms, type Env } from "belay-rl";
import { parametersHash } from "belay-rl/deploy";
import { tasks, tasksOf } from "../tasks.ts";

/** Every algorithm in every one of the small tasks that it takes. */
export const trainings = (Object.keys(algorithms) as AlgorithmName[]).flatMap((algorithm) =>
  tasksOf(algorithm).map((environment) => ({ algorithm, environment })),
);

/** The hash of the parameters after each iteration, at most 20, with the options tuned for the environment. */
export async function train({ algorithm, environment }: (typeof trainings)[number]): Promise<string[]> {
  const { run, presets, defaults } = algorithms[algorithm];
  const options = {
    ...presets[environment]?.options,
    totalSteps: 20_000,
    seed: 11,
    ...(algorithm === "a3c" && { workers: 1 }),
    ...(algorithm === "fitted-q-iteration" && { totalSteps: 500, reportEvery: 500, trees: 5, iterations: 8 }),
    ...("learningStarts" in defaults && { learningStarts: 50, reportEvery: 100, batchSize: 32 }),
  };
  const hashes: string[] = [];
  for await (const { policy } of run((): Env => tasks[environment](), options)) {
    hashes.push(parametersHash(policy.parameters));
    if (hashes.length === 20) break;
  }
  return hashes;
}
