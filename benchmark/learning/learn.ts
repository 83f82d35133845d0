/**
 * npm run benchmark:learning -- [ALGORITHM/ENVIRONMENT …] [--seeds N]
 *
 * Trains every task (or those named) with its preset over N seeds, 10 unless told, and writes a file of results for each
 * to benchmark/learning/results. `npm run benchmark:results` makes docs/results.md of them.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { algorithms, evaluate, load, make, memoryStore, train, version } from "belay-rl";
import { nodeWorkerHost } from "belay-rl/node";
import { exactOptimum, exactReturn, openTask } from "./exact.ts";
import { type LearningTask, type Optimum, type SeedResult, type TaskResult, tasks } from "./task.ts";

const folder = "benchmark/learning/results";
const evaluations = 20;
/** Far from any seed that training or its evaluations draw from. */
const judgeSeed = 10_000_019;

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "10" } },
});
const chosen = tasks.filter((task) => positionals.length === 0 || positionals.includes(nameOf(task)));
mkdirSync(folder, { recursive: true });
for (const task of chosen) await learn(task, Number(values.seeds));

async function learn(task: LearningTask, seedCount: number): Promise<void> {
  const preset = algorithms[task.algorithm].presets[task.environment];
  const options = { ...preset?.options, totalSteps: task.totalSteps };
  const optimum = optimumOf(task, options);
  const seeds: SeedResult[] = [];
  for (let seed = 0; seed < seedCount; seed++) {
    seeds.push(await learnSeed(task, options, seed));
    const { final, best, steps, seconds } = seeds[seed];
    console.log(
      `${nameOf(task)} seed ${seed}: final ${final.toFixed(1)}, best ${best.toFixed(1)}, ${Math.round(steps / seconds)} steps/s`,
    );
    const { algorithm, environment } = task;
    const result: TaskResult = {
      algorithm,
      environment,
      options,
      presetSource: preset?.source ?? "defaults",
      version,
      ...(optimum && { optimum }),
      seeds,
    };
    writeFileSync(`${folder}/${algorithm}-${environment}.json`, `${JSON.stringify(result, null, 1)}\n`);
  }
}

async function learnSeed(task: LearningTask, options: object, seed: number): Promise<SeedResult> {
  const store = memoryStore();
  const makeEnv = () => make(task.environment as string);
  const trained = await train(
    algorithms[task.algorithm],
    makeEnv,
    { ...options, seed },
    {
      store,
      workerHost: nodeWorkerHost(),
      report: false,
      evaluation: { every: Math.floor(task.totalSteps / evaluations), episodes: 10, finalEpisodes: 10 },
    },
  );
  const judge = (policy: typeof trained.policy) =>
    evaluate(policy, makeEnv, { episodes: 100, seed: judgeSeed + seed }).mean;
  const best = await store.read("best.safetensors");
  const open = openTask(task.environment);
  return {
    seed,
    steps: trained.steps,
    seconds: trained.seconds,
    final: judge(trained.policy),
    best: best ? judge(load(best, makeEnv())) : Number.NaN,
    ...(open && { exact: exactReturn(trained.policy, open) }),
    curve: trained.history.flatMap((event) =>
      event.kind === "evaluation" ? [{ steps: event.steps, mean: event.evaluation.mean }] : [],
    ),
    parametersHash: trained.parametersHash,
  };
}

function optimumOf({ algorithm, environment }: LearningTask, options: object): Optimum | null {
  const open = openTask(environment);
  if (!open) return null;
  const { discount, explorationFinal } = { ...algorithms[algorithm].defaults, ...options } as Record<string, number>;
  const best = exactOptimum(open, { discount });
  const isOnPolicy = ["sarsa", "expected-sarsa"].includes(algorithm);
  return { best, sought: isOnPolicy ? exactOptimum(open, { discount, epsilon: explorationFinal }) : best };
}

function nameOf({ algorithm, environment }: LearningTask): string {
  return `${algorithm}/${environment}`;
}
