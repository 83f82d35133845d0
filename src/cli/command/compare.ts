import type { AlgorithmEntry } from "../../algorithm/algorithm.ts";
import { createRandom } from "../../math/random.ts";
import { interquartileMean, stratifiedBootstrap } from "../../math/statistics.ts";
import { nodePlatform } from "../../platform/node/platform.ts";
import { train } from "../../run/train.ts";
import { type Command, jsonFlag } from "../command.ts";
import { exitCode } from "../exit-code.ts";
import { findAlgorithm } from "../find-algorithm.ts";
import { type FoundEnvironment, findEnvironment, workerHostOf } from "../find-environment.ts";
import type { Output } from "../io.ts";
import { chooseOptions } from "../options.ts";
import { count, short } from "../terminal/number.ts";
import { createStyle } from "../terminal/style.ts";
import { table } from "../terminal/table.ts";
import { UsageError } from "../usage-error.ts";

const SEEDS = 3;

/** How an algorithm does in an environment, over the seeds 0, 1, …. */
interface Comparison {
  readonly environment: string;
  readonly algorithm: string;
  readonly steps: number;
  /** Of each run, the mean return of the final policy. */
  readonly returns: readonly number[];
  readonly iqm: number;
  readonly ci95: readonly [low: number, high: number];
}

interface Pair {
  readonly algorithm: AlgorithmEntry;
  readonly environment: FoundEnvironment;
  /** One record for each seed. */
  readonly options: readonly Readonly<Record<string, unknown>>[];
}

export const compare: Command = {
  name: "compare",
  summary: "train algorithms over several seeds, one run after the other, and compare their final policies",
  operands: [{ name: "algorithm", many: true }],
  flags: {
    env: { value: "ID", many: true, meaning: "an environment, or several with commas; may be given again and again" },
    seeds: { value: "N", meaning: `runs of each; ${SEEDS} unless given` },
    steps: { value: "N", meaning: "environment steps of each run; the preset's unless given" },
    json: jsonFlag,
  },

  async run(input, io) {
    const names = input.texts("env").flatMap((name) => name.split(","));
    if (names.length === 0) throw new UsageError("belay compare needs an environment: --env ID.");
    const seeds = Array.from({ length: input.integer("seeds", 1) ?? SEEDS }, (_, seed) => seed);
    const steps = input.integer("steps", 1);
    const pairs: Pair[] = [];
    for (const name of names) {
      const environment = await findEnvironment(name, io.folder);
      for (const algorithm of input.operands.map(findAlgorithm)) {
        const chosen = seeds.map((seed) => chooseOptions(algorithm, environment, { steps, seed }));
        pairs.push({ algorithm, environment, options: (await Promise.all(chosen)).map(({ options }) => options) });
      }
    }
    const comparisons: Comparison[] = [];
    for (const pair of pairs) comparisons.push(await compared(pair, io.stderr));
    io.stdout.write(input.has("json") ? `${JSON.stringify({ comparisons })}\n` : tables(comparisons, io.stdout));
    return exitCode.done;
  },
};

async function compared({ algorithm, environment, options }: Pair, stderr: Output): Promise<Comparison> {
  const returns: number[] = [];
  let steps = 0;
  for (const [seed, each] of options.entries()) {
    const host = { platform: nodePlatform(), workerHost: workerHostOf(environment) };
    const trained = await train(algorithm, environment.makeEnv, each, host);
    returns.push(trained.evaluation.mean);
    steps = trained.steps;
    stderr.write(`  ${algorithm.name} on ${environment.id}, seed ${seed}: ${short(trained.evaluation.mean)}\n`);
  }
  return {
    environment: environment.id,
    algorithm: algorithm.name,
    steps,
    returns,
    iqm: interquartileMean(returns),
    ci95: stratifiedBootstrap([returns], interquartileMean, { random: createRandom(0) }),
  };
}

function tables(comparisons: readonly Comparison[], output: Output): string {
  const { bold, dim } = createStyle(output);
  const heads = ["environment", "algorithm", "steps", "runs", "middle half", "95 %"].map(dim);
  const rows = comparisons.map(({ environment, algorithm, steps, returns, iqm, ci95: [low, high] }) => [
    environment,
    algorithm,
    count(steps),
    String(returns.length),
    bold(short(iqm)),
    `${short(low)} to ${short(high)}`,
  ]);
  return `\n${table([heads, ...rows], 2).replace(/^/gm, "  ")}\n`;
}
