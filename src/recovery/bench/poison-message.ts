import { createRandom } from "../../math/random.ts";
import { quantile } from "../../math/statistics.ts";
import { log1p } from "../../math/transcendental.ts";
import { escalate, retry } from "../action/build.ts";
import { escalation } from "../action/choices.ts";
import { type Definition, define } from "../definition.ts";
import { number } from "../feature/encoding.ts";
import { pretrain } from "../learn/pretrain.ts";
import { totalReward } from "../reward.ts";
import { runbook } from "../runbook/runbook.ts";
import type { Decide } from "../simulation/evaluate-recovery.ts";
import { type MessageEpisode, messageClasses, poisonMessage } from "../simulation/poison-message.ts";
import { startRun } from "../simulation/simulated-run.ts";
import { byPolicy } from "./learned-policy.ts";
import type { BenchOptions } from "./options.ts";
import { byRunbook, fixedSteps } from "./static-policies.ts";

/** A consumer that takes messages in order: whoever is retried holds up all that come after. */
const consumer = { messagesPerSecond: 20, trySeconds: 0.02, failureShare: 0.004 };

export interface PoisonRow {
  readonly strategy: string;
  /** Messages served or parked, per second; 20 arrive. */
  readonly throughput: number;
  /** From arrival to service, of messages that did not fail themselves, in seconds. */
  readonly meanDelay: number;
  readonly p99Delay: number;
  /** How long a poison message holds up the others, in seconds. */
  readonly poisonSeconds: number;
  /** Of the messages that failed and could have been served, how many were parked. */
  readonly wronglyParked: number;
  /** Mean return over failed messages. */
  readonly return: number;
}

export interface PoisonReport {
  readonly hours: number;
  readonly rows: readonly PoisonRow[];
}

/** What a consumer's owner states. Twenty messages come in each second that one holds up the line: a second is dear. */
export function poisonProblem(): Definition {
  return define({
    name: "poison-message",
    features: ({ timeShare }) => ({ timeShare }),
    encoding: { timeShare: number({ scale: 1 }) },
    actions: { retry: retry({ delaysMs: [50, 1000, 8000, 30_000] }), park: escalate() },
    classes: messageClasses,
    reward: { success: 1, perSecond: -0.06, perCall: -0.02, escalate: -0.6, deadline: -1 },
    guard: { maxAttempts: 8, deadlineMs: 90_000 },
  });
}

/** Static retries, a runbook by class, and the policy that PPO learned, on the same messages. */
export async function benchPoisonMessage({ seed, quick, onProgress }: BenchOptions): Promise<PoisonReport> {
  const definition = poisonProblem();
  const { choices } = definition;
  const options = { totalSteps: quick ? 60_000 : 150_000, hidden: [32] };
  const { policy } = await pretrain(definition, poisonMessage(), {
    seed,
    options,
    onProgress: ({ steps, totalSteps }) =>
      onProgress?.("learning", { share: (0.9 * steps) / totalSteps, count: steps, unit: "steps" }),
  });
  onProgress?.("on the line");
  const byClass = runbook({ "TIMEOUT|5XX": ["retry:1000", "retry:1000", "retry:8000"], "4XX|BADDATA": [] });
  const strategies: readonly [string, Decide][] = [
    ["7 retries, then park", fixedSteps(choices, sevenRetries)],
    ["3 retries, then park", fixedSteps(choices, sevenRetries.slice(0, 3))],
    ["runbook by class", byRunbook(choices, byClass)],
    ["planner", byPolicy(definition, policy, seed)],
  ];
  const hours = quick ? 2 : 24;
  const rows = strategies.map(([strategy, decide]) => ({ strategy, ...consume(definition, decide, seed, hours) }));
  return { hours, rows };
}

const sevenRetries = ["retry:50", "retry:1000", "retry:1000", "retry:8000", "retry:8000", "retry:30000", "retry:30000"];

/** So many hours of messages: the same arrivals, failures and luck, whoever decides. */
export function consume(
  definition: Definition,
  decide: Decide,
  seed: number,
  hours: number,
): Omit<PoisonRow, "strategy"> {
  const random = createRandom(seed);
  const [arrivals, failures, luck] = [random.split(), random.split(), random.split()];
  const simulator = poisonMessage();
  const giveUp = escalation(definition.choices).index;
  const until = 3600 * hours;
  const delays: number[] = [];
  const total = { throughput: 0, poison: 0, poisonSeconds: 0, passing: 0, wronglyParked: 0, return: 0 };
  let free = 0;

  for (let now = 0; now < until; ) {
    now -= log1p(-arrivals.uniform()) / consumer.messagesPerSecond;
    free = Math.max(now, free) + consumer.trySeconds;
    const failed = failures.uniform() < consumer.failureShare;
    if (failed) free += recover(luck);
    else delays.push(free - now);
    if (free < until) total.throughput += 1 / until;
  }

  /** Seconds that a failed message holds up the others. */
  function recover(chance: typeof luck): number {
    const run = startRun(simulator, definition, chance);
    const { isPoison } = run.episode as MessageEpisode;
    let ending = null;
    while (ending === null) {
      const wish = decide(run);
      const taken = run.take(run.mask[wish] === 1 ? wish : giveUp);
      total.return += totalReward(taken.reward);
      ending = taken.ending;
    }
    const seconds = run.failure.elapsedMs / 1000;
    total[isPoison ? "poison" : "passing"] += 1;
    if (isPoison) total.poisonSeconds += seconds;
    else if (ending !== "ok") total.wronglyParked += 1;
    return seconds;
  }

  return {
    throughput: total.throughput,
    meanDelay: delays.reduce((sum, delay) => sum + delay, 0) / delays.length,
    p99Delay: quantile(delays, 0.99),
    poisonSeconds: total.poisonSeconds / total.poison,
    wronglyParked: total.wronglyParked / total.passing,
    return: total.return / (total.poison + total.passing),
  };
}
