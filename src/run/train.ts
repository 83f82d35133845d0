import { type DeployedPolicy, load } from "../deploy/load.ts";
import type { Env } from "../env/env.ts";
import type { Space } from "../env/space.ts";
import type { EvaluationPlan } from "./config.ts";
import type { Evaluation } from "./evaluate.ts";
import type { Finished, RunEvent } from "./event.ts";
import { readEvents } from "./event-log.ts";
import { POLICY } from "./layout.ts";
import { hostPlatform } from "./platform.ts";
import { run } from "./run.ts";
import { RunError } from "./run-error.ts";
import { memoryStore } from "./store.ts";
import type { RunHost, Task, Trainer, TrainerEntry } from "./task.ts";

/** Where to train and what to do meanwhile; nothing of it is needed. */
export interface TrainOptions extends Partial<RunHost> {
  readonly evaluation?: Partial<EvaluationPlan>;
  readonly kernel?: Task<never, Space, Space>["kernel"];
  readonly onEvent?: (event: RunEvent) => void;
}

export interface Trained<O extends Space, A extends Space>
  extends Pick<Finished, "steps" | "seconds" | "stepsPerSecond" | "parametersHash" | "reproducible" | "best"> {
  /** Ready to act. */
  readonly policy: DeployedPolicy<O, A>;
  /** Of that policy. */
  readonly evaluation: Evaluation;
  /** All that happened. */
  readonly history: readonly RunEvent[];
}

/**
 * Trains and judges a policy, in memory unless a store is given.
 *
 *   const { policy } = await train(ppo, () => make("CartPole-v1"), { seed: 1 });
 */
export async function train<Config extends object, O extends Space, A extends Space>(
  algorithm: Trainer<Config, NoInfer<O>, NoInfer<A>> | TrainerEntry<Config, NoInfer<O>, NoInfer<A>>,
  makeEnv: () => Env<O, A>,
  options: Partial<NoInfer<Config>> = {},
  {
    store = memoryStore(),
    platform = hostPlatform(),
    report = store.location !== "memory",
    signal,
    workerHost,
    evaluation,
    kernel,
    onEvent,
  }: TrainOptions = {},
): Promise<Trained<O, A>> {
  const entry =
    typeof algorithm === "function" ? { name: algorithm.name, run: algorithm, defaults: {} as Config } : algorithm;
  const host = { store, platform, report, signal, workerHost };
  const events = run({ algorithm: entry, makeEnv, options, evaluation, kernel }, host);
  let next = await events.next();
  for (; !next.done; next = await events.next()) onEvent?.(next.value);

  const result = next.value;
  const bytes = await store.read(POLICY);
  if (result.kind === "interrupted" || !bytes) {
    throw new RunError(`train: stopped after ${result.steps} steps, before the policy was finished; resume the run.`);
  }
  const { steps, seconds, stepsPerSecond, parametersHash, reproducible, best } = result;
  const env = makeEnv();
  env.close?.();
  return {
    policy: load(bytes, env),
    evaluation: result.evaluation,
    steps,
    seconds,
    stepsPerSecond,
    parametersHash,
    reproducible,
    best,
    history: await readEvents(store),
  };
}
