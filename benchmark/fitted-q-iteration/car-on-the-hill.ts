/**
 * npm run benchmark:fitted-q-iteration [-- --seeds N]
 *
 * Fitted Q-iteration on the car on the hill, with trees and with a network, from the same batches of actions by chance: the
 * mean return of the greedy policy over the 289 starts of Ernst, Geurts & Wehenkel 2005, beside the best there is, by
 * looking ahead. Writes benchmark/fitted-q-iteration/results/car-on-the-hill.json.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  algorithms,
  bestReturn,
  createActor,
  createRandom,
  fittedQIteration,
  interquartileMean,
  make,
  type Policy,
  stratifiedBootstrap,
} from "belay-rl";
import { carOnTheHill } from "../../src/env/classic/car-on-the-hill.ts";

const { values: flags } = parseArgs({ options: { seeds: { type: "string", default: "10" } } });
const seeds = Number(flags.seeds);
const { options: tuned } = algorithms["fitted-q-iteration"].presets["CarOnTheHill-v0"];
const discount = 0.95;
const regressors = {
  trees: tuned,
  network: { ...tuned, regressor: "network", hidden: [32, 32], epochs: 5, learningRate: 2e-3, batchSize: 128 },
} as const;

const axis = (end: number) => Array.from({ length: 17 }, (_, i) => -end + (i / 8) * end);
const starts = axis(1).flatMap((position) => axis(3).map((velocity) => [position, velocity]));

const optimum = [0.02, 0.01].map((size) => {
  const options = { discount, cell: [size, 3 * size], most: 1 };
  return mean(starts.map((start) => bestReturn(carOnTheHill, start, options)));
});
console.log(
  `best return, mean over ${starts.length} starts: ${optimum.map((value) => value.toFixed(4)).join(", in cells of half the size ")}`,
);

const results: Record<string, unknown> = { starts: starts.length, discount, optimum: optimum[1] };
for (const [name, options] of Object.entries(regressors)) {
  const returns: number[] = [];
  const began = performance.now();
  for (let seed = 0; seed < seeds; seed++) {
    let policy: Policy | null = null;
    for await (const report of fittedQIteration(() => make("CarOnTheHill-v0"), { ...options, seed }))
      policy = report.policy;
    returns.push(mean(starts.map((start) => play(policy as unknown as Policy, start))));
    console.log(`${name} seed ${seed}: ${returns[seed].toFixed(4)}`);
  }
  const ci95 = stratifiedBootstrap([returns], interquartileMean, { random: createRandom(0) });
  const seconds = (performance.now() - began) / 1000;
  results[name] = { options, returns, iqm: interquartileMean(returns), ci95, seconds };
  console.log(
    `${name}: IQM ${interquartileMean(returns).toFixed(4)} [${ci95.map((end) => end.toFixed(4)).join(", ")}], ${seconds.toFixed(0)} s`,
  );
  writeFileSync("benchmark/fitted-q-iteration/results/car-on-the-hill.json", `${JSON.stringify(results, null, 1)}\n`);
}

/** The discounted return of the greedy policy from there. */
function play(policy: Policy, state: readonly number[]): number {
  const env = make("CarOnTheHill-v0");
  const actor = createActor(policy as never);
  let { observation } = env.reset({ options: { state } });
  for (let worth = 1; ; worth *= discount) {
    const step = env.step(actor.act(observation as never) as number);
    if (step.reward !== 0 || step.terminated || step.truncated) return worth * step.reward;
    observation = step.observation;
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
