import type { Random } from "../../math/random.ts";
import { maskByFacts } from "../action/legality.ts";
import type { Definition } from "../definition.ts";
import { type Attempted, type Failure, type Symptom, UNLIMITED_RETRIES } from "../failure.ts";
import { type RewardParts, rewardParts } from "../reward.ts";
import type { SimulatedEpisode, Simulator } from "./simulator.ts";

/** What of a planner decides how a simulated failure goes. */
export type Rules = Pick<Definition, "choices" | "rates" | "limits">;

export type Ending = "ok" | "escalated" | "deadline" | "attempts";

/** What came of a choice. */
export interface Taken {
  readonly reward: RewardParts;
  /** Null where the episode goes on. */
  readonly ending: Ending | null;
}

/** One simulated failure, decided upon step by step. */
export interface SimulatedRun<E extends SimulatedEpisode = SimulatedEpisode> {
  readonly episode: E;
  /** What can be seen now; after the end, what was seen last. */
  readonly failure: Failure;
  /** 1 where a choice is allowed now, [choices]. */
  readonly mask: Uint8Array;
  /** Takes a choice by its index. One that ends past the deadline does not count. */
  take(index: number): Taken;
}

export function startRun<E extends SimulatedEpisode>(
  simulator: Simulator<E>,
  { choices, rates, limits }: Rules,
  random: Random,
): SimulatedRun<E> {
  const episode = simulator.start(random);
  const mask = new Uint8Array(choices.length);
  let failure = failureOf(episode, episode.symptom, 0, limits.deadlineMs, []);
  maskByFacts(choices, failure, limits, mask);

  function take(index: number): Taken {
    const choice = choices[index];
    if (choice.action.kind === "escalate") return { reward: rewardParts(rates, choice, gaveUp), ending: "escalated" };
    const { seconds, symptom } = episode.attempt(choice.name);
    if (!(seconds >= 0)) {
      throw new RangeError(
        `${simulator.id}: ${choice.name} must take a number of seconds of at least 0, got ${seconds}.`,
      );
    }
    const attempted = {
      choice: choice.name,
      class: failure.class,
      outcome: symptom?.class ?? "ok",
      durationMs: seconds * 1000,
    };
    const history = [...failure.history, attempted];
    const elapsedMs = failure.elapsedMs + seconds * 1000;
    failure = failureOf(episode, symptom ?? failure, elapsedMs, limits.deadlineMs, history);
    maskByFacts(choices, failure, limits, mask);

    const ending = endingOf(elapsedMs, symptom, history.length);
    const exhausted = ending === "deadline" || ending === "attempts";
    const result = { seconds, saved: ending === "ok", exhausted, unhealthy: false };
    return { reward: rewardParts(rates, choice, result), ending };
  }

  function endingOf(elapsedMs: number, symptom: Symptom | null, attempts: number): Ending | null {
    if (elapsedMs > limits.deadlineMs) return "deadline";
    if (symptom === null) return "ok";
    return attempts >= limits.maxAttempts ? "attempts" : null;
  }

  return {
    episode,
    get failure() {
      return failure;
    },
    mask,
    take,
  };
}

const gaveUp = { seconds: 0, saved: false, exhausted: false, unhealthy: false };
const closed = { state: "closed" } as const;
const noErrors = { errorRate10s: 0, errorRate: 0, errorRate10m: 0 };
const noHealth = {};
const noArguments: readonly unknown[] = [];

function failureOf(
  { service, idempotent, tags }: SimulatedEpisode,
  symptom: Symptom,
  elapsedMs: number,
  deadlineMs: number,
  history: readonly Attempted[],
): Failure {
  return {
    class: symptom.class,
    status: symptom.status,
    retryAfterMs: symptom.retryAfterMs,
    effect: symptom.effect,
    service,
    error: null,
    attempt: history.length + 1,
    elapsedMs,
    timeShare: Math.min(1, elapsedMs / deadlineMs),
    args: noArguments,
    idempotent,
    tags,
    breaker: closed,
    stats: noErrors,
    health: noHealth,
    budget: UNLIMITED_RETRIES,
    history,
  };
}
