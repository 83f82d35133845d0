import type { Choice } from "../action/action.ts";
import { escalation } from "../action/choices.ts";
import { maskByFacts, maskByKind } from "../action/legality.ts";
import { behaviour, drawn, noExploration } from "../behaviour.ts";
import type { Attempted, Effect, Failure, Symptom } from "../failure.ts";
import { type DecisionRecord, factsOf } from "../record/decision-record.ts";
import { noReward, rewardParts, totalReward } from "../reward.ts";
import type { EpisodeSpan } from "../telemetry/telemetry.ts";
import type { Advice } from "./consult.ts";
import { armOf, deciderOf, isItsFault, listed } from "./decider.ts";
import type { EpisodeHost } from "./episode-host.ts";
import { callsService, type Service } from "./service.ts";
import type { Beginning, StepFacts } from "./step-facts.ts";

/** What to do about a failure. */
export interface Decision {
  readonly choice: Choice;
  /** Before it is done, in milliseconds; never less than the service asked for. */
  readonly waitMs: number;
  readonly failure: Failure;
  /** Time or attempts are used up: nothing was decided, `choice` gives up. */
  readonly exhausted: "deadline" | "attempts" | null;
}

/** One failure and all that is done about it, without doing it: each call's end goes in, the next decision comes out. */
export interface RecoveryEpisode {
  /** A call failed. `seen` is what the caller knows of it beyond the error; `wasCalled`, whether the service was called at all. */
  failed(error: unknown, seen?: Partial<Symptom>, wasCalled?: boolean): Decision;
  /** The action decided on saved the step. */
  succeeded(): void;
  /** Nothing is left but to give up: tells who is to be told. */
  gaveUp(): void;
  /** The caller wants no more of it. */
  aborted(): void;
  /** What comes of the decision cannot be seen here. */
  unseen(): void;
  /** What the failed calls may have done was taken back. */
  undone(): void;
  /** The arguments that the next call is made with. */
  readonly args: readonly unknown[];
  /** Puts other arguments in their place. */
  changeArgs(args: readonly unknown[]): void;
  /** Milliseconds left to the deadline. */
  leftMs(): number;
}

/** A decision whose outcome is not known yet. */
interface Pending {
  readonly begin: number;
  readonly choice: Choice;
  readonly unhealthy: boolean;
  /** Filled up when its outcome is known. */
  readonly record: { -readonly [Name in keyof DecisionRecord]: DecisionRecord[Name] };
}

export function createEpisode(
  host: EpisodeHost,
  service: Service,
  given: readonly unknown[],
  { idempotent = false, tags = {}, only }: StepFacts,
  { elapsedMs: before = 0, earlierCalls = 0 }: Beginning,
): RecoveryEpisode {
  const { definition, clock, random, standing } = host;
  const { choices, names, limits, rates } = definition;
  const { mode, canaryShare, since: decidedSince } = standing.ladder;
  const model = mode === "observe" ? null : standing.model;
  const arm = armOf(mode, random, canaryShare);
  const history: Attempted[] = [];
  const begin = clock.now() - before;
  /** Of the history, what happened elsewhere. */
  let presumed = 0;
  let last: Failure | null = null;
  let id = "";
  let span: EpisodeSpan | null = null;
  let args = given;
  let effect: Effect = "none";
  let pending: Pending | null = null;
  let total = 0;
  let firstSeen: Float32Array | null = null;
  /** Whether each decision was made by whose arm it is: without a policy both arms are the runbook's. */
  let counts = true;

  const elapsed = () => Math.max(0, clock.now() - begin);

  /** The outcome of what was decided last, for the record and for those who judge by it. */
  function settle(outcome: string, terminal: boolean, exhausted = false): void {
    if (!pending) return;
    const { begin: since, choice, unhealthy, record } = pending;
    pending = null;
    const durationMs = Math.max(0, clock.now() - since);
    const saved = outcome === "ok";
    const abandoned = outcome === "aborted";
    const reward = rewardParts(rates, choice, { seconds: durationMs / 1000, saved, exhausted, abandoned, unhealthy });
    total += totalReward(reward);
    record.outcome = exhausted ? endOf() : outcome;
    record.durationMs = durationMs;
    record.reward = reward;
    record.terminal = terminal;
    host.log.append(record);
    span?.attempt(record);
    if (choice.action.kind !== "escalate") service.actionEnded(choice.key, clock.now(), saved);
    if (!terminal) history.push({ choice: choice.name, class: record.class, outcome, durationMs });
    else finish(record.outcome);
  }

  function endOf(): "deadline" | "attempts" {
    return elapsed() >= limits.deadlineMs ? "deadline" : "attempts";
  }

  function finish(outcome: string): void {
    span?.end(outcome, clock.wall());
    if (counts && outcome !== "unknown") standing.episodeEnded(arm, firstSeen, total, decidedSince);
  }

  function failed(error: unknown, seen?: Partial<Symptom>, called = wasCalled()): Decision {
    const symptom = host.symptomOf(error, seen);
    if (called && symptom.class !== "BREAKER") {
      service.failed(clock.now(), symptom.class, pending === null ? begin : clock.now());
    }
    if (symptom.effect !== "none") effect = "unknown";
    const isLast = pending !== null && (history.length + 1 >= limits.maxAttempts || elapsed() >= limits.deadlineMs);
    if (pending === null) {
      id = host.nextId();
      span = host.telemetry.begin(service.name, clock.wall());
      presume(symptom, error);
    }
    settle(symptom.class, isLast, isLast);
    const failure = failureOf(symptom, error);
    last = failure;
    if (isLast) return { choice: escalation(choices), waitMs: 0, failure, exhausted: endOf() };
    return decide(failure);
  }

  /** Whether the call that just ended was one of the service itself. */
  function wasCalled(): boolean {
    return pending === null || callsService(pending.choice.action.kind);
  }

  function failureOf(symptom: Symptom, error: unknown): Failure {
    const now = clock.now();
    const elapsedMs = elapsed();
    return {
      class: symptom.class, // listed, since copying a spread object costs microseconds
      status: symptom.status,
      retryAfterMs: symptom.retryAfterMs,
      effect,
      service: service.name,
      error,
      attempt: history.length + 1,
      elapsedMs,
      timeShare: Math.min(1, elapsedMs / limits.deadlineMs),
      args,
      idempotent,
      tags,
      breaker: { state: service.breakerState(now) },
      stats: service.stats(now),
      health: service.health(now),
      budget: service.retriesLeft(now),
      history: [...history],
    };
  }

  /** What is allowed by declared facts, before the guards are asked. */
  function allowed(failure: Failure): Uint8Array {
    const mask = new Uint8Array(choices.length);
    maskByFacts(choices, failure, limits, mask);
    if (only) maskByKind(choices, only, mask);
    return mask;
  }

  /** Processes that nobody can ask did what the runbook says, and each call failed like this one. */
  function presume(symptom: Symptom, error: unknown): void {
    while (history.length < earlierCalls) {
      const failure = failureOf(symptom, error);
      const mask = allowed(failure);
      const { features } = host.consult(null, failure, mask);
      const { name, action, delayMs } = choices[host.baseline.choose(failure, choices, mask, features)];
      if (action.kind === "escalate") break;
      history.push({ choice: name, class: symptom.class, outcome: symptom.class, durationMs: delayMs });
    }
    presumed = history.length;
  }

  function decide(failure: Failure): Decision {
    const now = clock.now();
    const mask = allowed(failure);
    service.restrict(choices, failure.retryAfterMs ?? 0, now, mask);
    const advice = host.consult(model, failure, mask);
    if (history.length === 0) firstSeen = advice.observation?.slice() ?? null;
    const baseline = host.baseline.choose(failure, choices, mask, advice.features);
    const byPolicy = arm === "policy";
    if (advice.cause !== null && !isItsFault(advice.cause)) counts = false;
    else if (byPolicy && advice.cause !== null) standing.fellBack();
    const chances = behaviour({
      choices,
      mask,
      baseline,
      advice: advice.probabilities,
      byPolicy,
      exploration: advice.cause === "kill-switch" ? noExploration : host.exploration,
    });
    const draw = random.uniform();
    const index = drawn(chances, draw);
    const choice = choices[index];
    service.spend(choice, now);
    if (mode === "suggest") suggest(failure, advice, baseline);
    pending = {
      begin: now,
      choice,
      unhealthy: failure.breaker.state !== "closed",
      record: {
        kind: "decision",
        planner: definition.name,
        time: clock.wall(),
        traceId: span?.traceId ?? null,
        service: service.name,
        episode: id,
        step: history.length - presumed,
        mode,
        arm,
        policyHash: model?.policy.hash ?? null,
        class: failure.class,
        features: advice.features,
        facts: factsOf(failure),
        history: failure.history,
        choices: names,
        mask: listed(mask),
        policyProbabilities: advice.probabilities && listed(advice.probabilities),
        probabilities: listed(chances),
        draw,
        action: choice.name,
        propensity: chances[index],
        baseline: choices[baseline].name,
        decider: deciderOf(index, baseline, byPolicy, advice),
        cause: byPolicy ? advice.cause : null,
        inferenceMs: advice.inferenceMs,
        outcome: "",
        durationMs: 0,
        reward: noReward,
        terminal: false,
      },
    };
    const waitMs = choice.action.kind === "retry" ? Math.max(choice.delayMs, failure.retryAfterMs ?? 0) : 0;
    return { choice, waitMs, failure, exhausted: null };
  }

  function suggest(failure: Failure, { probabilities }: Advice, baseline: number): void {
    if (!probabilities) return;
    const policy = probabilities.indexOf(Math.max(...probabilities));
    if (policy === baseline) return;
    host.onSuggestion({ failure, policy: choices[policy].name, baseline: choices[baseline].name });
  }

  /** Nobody waits for the person who is told. */
  function tell(failure: Failure): void {
    const { action } = escalation(choices);
    if (action.kind === "escalate") void (async () => action.notify(failure))().catch(host.onFault);
  }

  return {
    failed,
    succeeded() {
      if (wasCalled()) service.succeeded(clock.now());
      settle("ok", true);
    },
    gaveUp() {
      if (last) tell(last);
      settle("escalated", true);
    },
    aborted: () => settle("aborted", true),
    unseen: () => settle("unknown", true),
    undone() {
      effect = "none";
    },
    get args() {
      return args;
    },
    changeArgs(changed) {
      args = changed;
    },
    leftMs: () => limits.deadlineMs - elapsed(),
  };
}
