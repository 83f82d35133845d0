import type { SavedPolicy } from "../../deploy/policy-file.ts";
import { createRandom } from "../../math/random.ts";
import type { Choice } from "../action/action.ts";
import { escalation } from "../action/choices.ts";
import type { Clock } from "../clock.ts";
import type { Definition } from "../definition.ts";
import { type CallSwitch, callSwitch } from "../guard/kill-switch.ts";
import type { LadderOutcome, Promotion } from "../ladder/event.ts";
import type { Ladder } from "../ladder/ladder.ts";
import type { RecoveryPolicy } from "../policy.ts";
import type { DecisionRecord, Mode } from "../record/decision-record.ts";
import type { Runbook } from "../runbook/runbook.ts";
import { noTelemetry } from "../telemetry/telemetry.ts";
import { createConsult } from "./consult.ts";
import { entropy } from "./entropy.ts";
import { createEpisode, type RecoveryEpisode } from "./episode.ts";
import type { EpisodeHost } from "./episode-host.ts";
import { createLearning, type Learning } from "./learning.ts";
import { type PlannerOptions, settle } from "./options.ts";
import type { Call } from "./perform.ts";
import { recovered } from "./recover.ts";
import { createService, type Service } from "./service.ts";
import { createStanding } from "./standing.ts";
import type { Beginning, StepFacts } from "./step-facts.ts";
import { createSymptomOf } from "./symptom.ts";

/** A planner at work. */
export interface Planner extends Learning {
  readonly name: string;
  readonly definition: Definition;
  readonly clock: Clock;
  readonly baseline: Runbook;
  /** While it is on, the runbook decides. */
  readonly killSwitch: CallSwitch;
  /** How far the learned policy is trusted, and why. */
  readonly ladder: Ladder;
  /** Resolves when a kept ladder and its policy were read. Before, the runbook decides. */
  readonly ready: Promise<void>;
  /** The learned policy; null while there is none that can be used. */
  readonly policy: RecoveryPolicy | null;
  /**
   * The step, recovered: the same signature, and the step's own last error where it cannot be saved. `service` is what its
   * guards and statistics are kept under; steps of one name share them. A signal among the arguments ends all waiting.
   */
  wrap<Args extends readonly unknown[], Result>(
    service: string,
    step: (...args: Args) => Result | Promise<Result>,
    facts?: StepFacts,
  ): (...args: Args) => Promise<Result>;
  /** For who makes the calls himself, as an adapter does: each end goes in, each decision comes out. */
  episode(service: string, facts?: StepFacts, args?: readonly unknown[], beginning?: Beginning): RecoveryEpisode;
  /** Counts a call that needed no recovery; `wrap` does it by itself. */
  succeeded(service: string): void;
  /** Whether the guards let a call be made now. */
  admits(service: string): boolean;
  /** Makes a policy from elsewhere the candidate: a file of `pretrain`, of another process, of an experiment. */
  adopt(policy: SavedPolicy | Uint8Array): Promise<LadderOutcome>;
  /** Trusts the candidate more, one rung at a time; refused where a condition is not met. */
  promote(promotion: Promotion): Promise<LadderOutcome>;
  /** Trusts it less: to shadow, or further. */
  rollBack(reason: string, to?: Mode): Promise<LadderOutcome>;
  /** Writes what is not yet written. */
  close(): Promise<void>;
}

export function createPlanner(options: PlannerOptions): Planner {
  const settings = settle(options);
  const { definition, guard, baseline, mode, canaryShare, exploration, log, telemetry, clock } = settings;
  const { onSuggestion = nothing, onLadder = nothing } = options;
  const onFault = (fault: unknown) => guarded(() => options.onFault?.(fault), undefined, nothing);
  const standing = createStanding({
    definition,
    store: settings.state,
    clock,
    rules: options.rules ?? {},
    drift: options.drift ?? {},
    onFault,
    onChange: (ladder) => guarded(() => onLadder(ladder), undefined, onFault),
  });
  const random = createRandom(options.seed ?? entropy(clock));
  const killSwitch = callSwitch();
  const killSwitches = guard.killSwitch ? [killSwitch, guard.killSwitch] : [killSwitch];
  const services = new Map<string, Service>();
  const listeners = new Set<(record: DecisionRecord) => void>();
  const process = Math.floor(random.uniform() * 0x1_0000_0000)
    .toString(16)
    .padStart(8, "0");
  const started = clock.wall().toString(36);
  let count = 0;

  const host: EpisodeHost = {
    definition,
    baseline: {
      ...baseline,
      choose(failure, choices, mask, features) {
        const index = guarded(() => baseline.choose(failure, choices, mask, features), null, onFault);
        if (index !== null && mask[index] === 1) return index;
        if (index !== null) onFault(new RangeError(`${definition.name}: ${notAllowed(index, choices)}`));
        return escalation(choices).index;
      },
    },
    exploration,
    clock,
    random,
    log: {
      ...log,
      append(record) {
        guarded(() => log.append(record), undefined, onFault);
        for (const listener of listeners) guarded(() => listener(record), undefined, onFault);
      },
    },
    telemetry: {
      begin(service, time) {
        const span = guarded(() => telemetry.begin(service, time), noTelemetry.begin(service, time), onFault);
        return {
          traceId: guarded(() => span.traceId, null, onFault),
          attempt: (record) => guarded(() => span.attempt(record), undefined, onFault),
          end: (outcome, ended) => guarded(() => span.end(outcome, ended), undefined, onFault),
        };
      },
    },
    standing,
    consult: createConsult(definition, { ...guard, clock, killSwitches }),
    symptomOf: createSymptomOf((error) => options.classify?.(error), clock, onFault),
    onFault: (fault) => guarded(() => onFault(fault), undefined, nothing),
    nextId: () => `${started}-${process}-${count++}`,
    onSuggestion: (suggestion) => guarded(() => onSuggestion(suggestion), undefined, onFault),
  };

  function serviceOf(name: string): Service {
    let service = services.get(name);
    if (!service) {
      service = createService(name, guard);
      services.set(name, service);
    }
    return service;
  }

  async function adopt(policy: SavedPolicy | Uint8Array): Promise<LadderOutcome> {
    await standing.ready;
    return standing.adopt(policy, mode, canaryShare);
  }

  return {
    name: definition.name,
    definition,
    clock,
    baseline,
    killSwitch,
    ready: standing.ready,
    get ladder() {
      return standing.ladder;
    },
    get policy() {
      return standing.model?.policy ?? null;
    },
    wrap<Args extends readonly unknown[], Result>(
      name: string,
      step: (...args: Args) => Result | Promise<Result>,
      facts: StepFacts = {},
    ) {
      if (typeof step !== "function") throw new TypeError(`wrap: step must be a function, got ${typeof step}.`);
      const service = serviceOf(name);
      return recovered(step as unknown as Call, service, {
        clock,
        open: (args, begin) => createEpisode(host, service, args, facts, { elapsedMs: clock.now() - begin }),
      }) as (...args: Args) => Promise<Result>;
    },
    episode: (name, facts = {}, args = [], beginning = {}) =>
      createEpisode(host, serviceOf(name), args, facts, beginning),
    succeeded: (name) => serviceOf(name).succeeded(clock.now()),
    admits: (name) => serviceOf(name).admits(clock.now()),
    adopt,
    ...createLearning({
      definition,
      baseline,
      adopt,
      policy: () => standing.model?.policy ?? null,
      improvable: {
        definition,
        exploration,
        ladder: () => standing.ladder,
        adopt: (file) => standing.adopt(file, "observe", canaryShare),
        promote: standing.promote,
        rollBack: standing.rollBack,
        listen(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      },
    }),
    promote: standing.promote,
    rollBack: standing.rollBack,
    async close() {
      await standing.close();
      await log.flush();
    },
  };
}

/** What others gave us must not fail a call. */
function guarded<T, D>(work: () => T, otherwise: D, onFault: (fault: unknown) => void): T | D {
  try {
    return work();
  } catch (fault) {
    onFault(fault);
    return otherwise;
  }
}

function notAllowed(index: number, choices: readonly Choice[]): string {
  return `the runbook must choose the index of what the mask allows, got ${index}, ${choices[index]?.name ?? "which is none"}.`;
}

function nothing(): void {}
