import { createRandom } from "../../math/random.ts";
import { behaviour, drawn, type Exploration, noExploration } from "../behaviour.ts";
import type { Definition } from "../definition.ts";
import type { RecoveryPolicy } from "../policy.ts";
import { type DecisionRecord, factsOf, type Mode } from "../record/decision-record.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { startRun } from "./simulated-run.ts";
import type { Simulator } from "./simulator.ts";

export interface SimulatedLogOptions {
  readonly episodes: number;
  readonly seed: number;
  readonly baseline: Runbook;
  readonly exploration?: Exploration;
  /** Decides in this share of the episodes, the runbook in the others. */
  readonly policy?: RecoveryPolicy | null;
  readonly share?: number;
}

/** The log that a planner would write if its failures were the simulator's: the same records, drawn from the same chances. */
export function* simulatedLog(
  definition: Definition,
  simulator: Simulator,
  { episodes, seed, baseline, exploration = noExploration, policy = null, share = policy ? 1 : 0 }: SimulatedLogOptions,
): Generator<DecisionRecord, void, void> {
  const { choices, encoder, features } = definition;
  const random = createRandom(seed);
  const [faults, chance] = [random.split(), random.split()];
  const names = choices.map(({ name }) => name);
  const observation = new Float32Array(encoder.size);
  let time = 0;

  for (let episode = 0; episode < episodes; episode++) {
    const run = startRun(simulator, definition, faults);
    const arm = policy && chance.uniform() < share ? "policy" : "baseline";
    const mode: Mode = policy === null ? "observe" : share === 1 ? "on" : "canary";
    for (let step = 0, ended = false; !ended; step++) {
      const { failure, mask } = run;
      const seen = features(failure);
      const advice = policy && new Float32Array(choices.length);
      if (policy && advice) {
        encoder.encode(seen, failure.class, failure.history, observation);
        policy.probabilities(observation, mask, advice);
      }
      const planned = baseline.choose(failure, choices, mask, seen);
      const chances = behaviour({ choices, mask, baseline: planned, advice, byPolicy: arm === "policy", exploration });
      const draw = chance.uniform();
      const index = drawn(chances, draw);
      const decided = {
        kind: "decision",
        planner: definition.name,
        time,
        traceId: null,
        service: failure.service,
        episode: `${seed}-${episode}`,
        step,
        mode,
        arm,
        policyHash: policy?.hash ?? null,
        class: failure.class,
        features: seen,
        facts: factsOf(failure),
        history: failure.history,
        choices: names,
        mask: [...mask],
        policyProbabilities: advice && [...advice],
        probabilities: [...chances],
        draw,
        action: names[index],
        propensity: chances[index],
        baseline: names[planned],
        decider: arm === "policy" ? "policy" : index === planned ? "baseline" : "exploration",
        cause: null,
        inferenceMs: 0,
      } as const;
      const before = failure.elapsedMs;
      const { reward, ending } = run.take(index);
      const durationMs = run.failure.elapsedMs - before;
      time += durationMs;
      ended = ending !== null;
      yield { ...decided, outcome: ending ?? run.failure.class, durationMs, reward, terminal: ended };
    }
    time += 1000;
  }
}
