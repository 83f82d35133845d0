import { createRandom } from "../../math/random.ts";
import { mean } from "../../math/statistics.ts";
import { type Definition, define } from "../definition.ts";
import { pretrain } from "../learn/pretrain.ts";
import type { RecoveryPolicy } from "../policy.ts";
import { estimate } from "../simulation/estimate.ts";
import { evaluateRecovery } from "../simulation/evaluate-recovery.ts";
import { randomServices } from "../simulation/random-services.ts";
import { recoveryBench } from "../simulation/recovery-bench.ts";
import type { BenchService } from "../simulation/recovery-bench-services.ts";
import { byPolicy } from "./learned-policy.ts";
import type { BenchOptions } from "./options.ts";
import { anonymousProblem } from "./problem.ts";
import { progressOver } from "./progress-over.ts";
import { byRunbook } from "./static-policies.ts";

export const randomServicesDefaults = {
  /** That the policy meets for the first time when it is judged. */
  services: 100,
  /** That it learns from. */
  trainingServices: 1000,
  steps: 500_000,
  /** Of each service, by which its gate decides. */
  gateEpisodes: 2000,
  /** Of each service, by which the outcome is judged. */
  episodes: 10_000,
};

export type RandomServicesSettings = Readonly<typeof randomServicesDefaults>;

export interface RandomServicesBenchmark {
  readonly settings: RandomServicesSettings;
  readonly services: number;
  /** Services whose gate let the learned policy through; the others keep their runbook. */
  readonly passed: number;
  /** Mean returns over services. */
  readonly runbook: number;
  readonly learned: number;
  readonly gated: number;
  /** Of what the gates decided: the smallest gain on any service, in return and as a share of its runbook's size. */
  readonly worst: { readonly service: string; readonly gain: number; readonly relativeGain: number };
  /** Services on which the gated policy falls short of the runbook by more than 1 %. */
  readonly belowByMoreThanOnePercent: number;
}

/** What ends in seconds. */
const quickSettings = { services: 20, steps: 100_000, gateEpisodes: 500, episodes: 1000 };

/**
 * One policy for services that it has never met and whose names it is not told: learned from others that are drawn anew,
 * then admitted service by service, where the lower end of the interval of its gain lies above 0.
 */
export async function benchRandomServices(
  { seed, quick, onProgress }: BenchOptions,
  settings: Partial<RandomServicesSettings> = {},
): Promise<RandomServicesBenchmark> {
  const config = { ...randomServicesDefaults, ...(quick && quickSettings), ...settings };
  const { steps, gateEpisodes, episodes } = config;
  const random = createRandom(seed);
  const met = randomServices(config.trainingServices, random.split());
  const unmet = randomServices(config.services, random.split());
  const definition = define(anonymousProblem());
  const progress = progressOver([steps * 2e-5, config.services * (gateEpisodes + episodes) * 5e-5], onProgress);

  const { policy } = await pretrain(definition, recoveryBench({ services: met }), {
    seed,
    options: { totalSteps: steps },
    onProgress: (report) => progress(0, "ppo on random services", Math.min(report.steps, steps), steps, "steps"),
  });
  const judged = unmet.map((service, i) => {
    progress(1, "services it has not met", i, unmet.length, "services");
    const passed = compare(definition, policy, service, gateEpisodes, seed + 2000).gain.ci95[0] > 0;
    const { gain, ...returns } = compare(definition, policy, service, episodes, seed + 3000);
    return { service: service.name, passed, ...returns, gain: passed ? gain.mean : 0 };
  });
  const worst = judged.reduce((lowest, each) => (each.gain < lowest.gain ? each : lowest));
  const relative = ({ gain, runbook }: (typeof judged)[number]) => gain / Math.abs(runbook);
  return {
    settings: config,
    services: judged.length,
    passed: judged.filter(({ passed }) => passed).length,
    runbook: mean(judged.map(({ runbook }) => runbook)),
    learned: mean(judged.map(({ learned }) => learned)),
    gated: mean(judged.map(({ runbook, gain }) => runbook + gain)),
    worst: { service: worst.service, gain: worst.gain, relativeGain: relative(worst) },
    belowByMoreThanOnePercent: judged.filter((each) => relative(each) < -0.01).length,
  };
}

/** Both policies on the same episodes of one service: chance that they share cancels in the gain. */
function compare(
  definition: Definition,
  policy: RecoveryPolicy,
  service: BenchService,
  episodes: number,
  seed: number,
) {
  const world = recoveryBench({ services: [service] });
  const runbook = evaluateRecovery(world, definition, byRunbook(definition.choices), { episodes, seed });
  const learned = evaluateRecovery(world, definition, byPolicy(definition, policy, seed), { episodes, seed });
  const gains = learned.results.returns.map((value, i) => value - runbook.results.returns[i]);
  return { runbook: runbook.return.mean, learned: learned.return.mean, gain: estimate(gains) };
}
