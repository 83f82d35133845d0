/**
 * node scripts/run-typescript.mjs benchmark/overestimation/overestimation.ts [ENVIRONMENT …] [--seeds N]
 *
 * How much DQN and Double DQN overestimate: from the same seeds, the value that a network predicts of its best action
 * against the discounted return that it really obtains from there. Writes benchmark/overestimation/results/ENVIRONMENT.json.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  algorithms,
  createActor,
  createRandom,
  interquartileMean,
  make,
  type Policy,
  stratifiedBootstrap,
} from "belay-rl";

const names = ["dqn", "double-dqn"] as const;
const discount = 0.95;
/** As published: one step ahead, a constant step size. The discount is short, so that values are learned to the end within the run. */
const options = {
  discount,
  totalSteps: 50_000,
  learningRate: 1e-3,
  batchSize: 64,
  bufferSize: 50_000,
  learningStarts: 1000,
  trainFrequency: 4,
  gradientSteps: 2,
  targetUpdateInterval: 500,
  hidden: [64, 64],
};
/** Of a run, beginning half way: the policy fluctuates. */
const measurements = 5;
const episodes = 5;
/** States judged in an episode, and steps after them, whose rewards γ leaves nothing of beyond. */
const [judged, tail] = [500, 1500];
/** Far from any seed that training draws from. */
const judgeSeed = 20_000_003;

interface Measurement {
  readonly seed: number;
  /** Mean max Q(s, ·) over the states of greedy episodes. */
  readonly predicted: number;
  /** Mean discounted return from the same states, on and on where only a time limit would end it. */
  readonly obtained: number;
}

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: "string", default: "10" } },
});
mkdirSync("benchmark/overestimation/results", { recursive: true });
for (const task of positionals.length > 0 ? positionals : ["CartPole-v1", "Acrobot-v1"]) {
  const measured = {} as Record<(typeof names)[number], Measurement[]>;
  for (const name of names) {
    measured[name] = [];
    for (let seed = 0; seed < Number(values.seeds); seed++) {
      measured[name].push(await measure(name, task, options, seed));
      const { predicted, obtained } = measured[name][seed];
      console.log(`${name}/${task} seed ${seed}: predicted ${predicted.toFixed(2)}, obtained ${obtained.toFixed(2)}`);
    }
  }
  const result = { options, ...Object.fromEntries(names.map((name) => [name, summary(measured[name])])) };
  writeFileSync(`benchmark/overestimation/results/${task}.json`, `${JSON.stringify(result, null, 1)}\n`);
}

async function measure(
  name: (typeof names)[number],
  task: string,
  options: object,
  seed: number,
): Promise<Measurement> {
  const found: Omit<Measurement, "seed">[] = [];
  for await (const { steps, totalSteps, policy } of algorithms[name].run(() => make(task), { ...options, seed })) {
    const due = 0.5 + (0.5 * (found.length + 1)) / measurements;
    if (steps >= due * totalSteps) found.push(judge(policy, task, seed));
  }
  const mean = (of: "predicted" | "obtained") => found.reduce((sum, each) => sum + each[of] / found.length, 0);
  return { seed, predicted: mean("predicted"), obtained: mean("obtained") };
}

function judge(policy: Policy, task: string, seed: number): Omit<Measurement, "seed"> {
  const actor = createActor(policy);
  const env = make(task, { maxEpisodeSteps: null });
  const random = createRandom(judgeSeed + seed);
  let [predicted, obtained, states] = [0, 0, 0];
  for (let episode = 0; episode < episodes; episode++) {
    let { observation } = env.reset({ seed: random.integer(2 ** 31) });
    const rewards: number[] = [];
    for (let isOver = false; !isOver && rewards.length < judged + tail; ) {
      if (rewards.length < judged) {
        const seen = actor.distributionAt(observation);
        if (seen.kind !== "action-values") throw new Error(`overestimation: ${task} has no action values.`);
        predicted += Math.max(...seen.values);
        states++;
      }
      const step = env.step(actor.act(observation));
      rewards.push(step.reward);
      observation = step.observation;
      isOver = step.terminated;
    }
    for (let t = rewards.length - 1, worth = 0; t >= 0; t--) {
      worth = rewards[t] + discount * worth;
      if (t < judged) obtained += worth;
    }
  }
  return { predicted: predicted / states, obtained: obtained / states };
}

function summary(seeds: readonly Measurement[]) {
  const overestimates = seeds.map(({ predicted, obtained }) => predicted - obtained);
  const options = { random: createRandom(0), resamples: 50_000 };
  return {
    overestimation: interquartileMean(overestimates),
    ci95: stratifiedBootstrap([overestimates], interquartileMean, options),
    seeds,
  };
}
