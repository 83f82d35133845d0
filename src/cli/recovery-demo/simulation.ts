import type { Random } from "../../math/random.ts";
import { exp, log1p } from "../../math/transcendental.ts";
import type { Symptom } from "../../recovery/failure.ts";
import type { SimulatedEpisode, Simulator } from "../../recovery/simulation/simulator.ts";
import { restoreSeconds } from "./pipeline.ts";
import { type FaultKind, faultKinds } from "./schedule.ts";

/** A call that is answered, and one that nobody answers, in seconds. */
const [answerSeconds, timeoutSeconds] = [0.01, 0.2];
const retryAfterMs = 1000;

/** How many calls an open breaker lets through. */
const probes = 0.2;

/** How likely what works is to work, in a world of chance. */
const reliable = 0.98;

/**
 * What can befall the pipeline, with every number that its owner cannot know drawn anew for each failure: how long a fault lasts, whether it
 * is the replica's, too.
 */
export function demoSimulator(): Simulator {
  return { id: "recovery-demo", start: (random) => startEpisode(random.split()) };
}

function startEpisode(chance: Random): SimulatedEpisode {
  const isOrders = chance.uniform() < 0.75;
  const kind = faultKinds[chance.integer(isOrders ? faultKinds.length : 3)];
  const meanSeconds = 0.2 * exp(2.3 * chance.uniform());
  const lasts = -meanSeconds * log1p(-chance.uniform());
  const isShared = chance.uniform() < 0.4;
  const isCritical = chance.uniform() < 0.4;
  /** Others failed before, and the breaker is open until some time after the fault, but for its probes. */
  const openFor = chance.uniform() < 0.5 ? lasts + 0.5 * chance.uniform() : 0;
  const luck = chance.split();
  let elapsed = 0;
  const isOpen = () => elapsed < openFor && luck.uniform() > probes;
  let batchIsSmall = false;
  let last = isOpen() ? symptoms.breaker : symptoms[kind];

  /** The service itself, now. */
  function called(): { readonly seconds: number; readonly symptom: Symptom | null } {
    if (isOpen()) return { seconds: 0, symptom: symptoms.breaker };
    const isOver = elapsed > lasts || (kind === "heavy" && batchIsSmall);
    const symptom = isOver && luck.uniform() < reliable ? null : symptoms[kind];
    return { seconds: symptom && kind === "latency" ? timeoutSeconds : answerSeconds, symptom };
  }

  function elsewhere(works: boolean): { readonly seconds: number; readonly symptom: Symptom | null } {
    if (works && luck.uniform() < reliable) return { seconds: answerSeconds, symptom: null };
    return { seconds: kind === "latency" ? timeoutSeconds : answerSeconds, symptom: symptoms[kind] };
  }

  function attempted(choice: string): { readonly seconds: number; readonly symptom: Symptom | null } {
    switch (choice) {
      case "source":
        return elsewhere(!isShared || elapsed > lasts);
      case "backup":
        return elsewhere(true);
      case "params":
        batchIsSmall = true;
        return called();
      case "rollback": {
        elapsed += restoreSeconds;
        const { seconds, symptom } = called();
        return { seconds: seconds + restoreSeconds, symptom };
      }
      default: {
        const waitMs = Math.max(Number(choice.slice("retry:".length)), last.retryAfterMs ?? 0);
        elapsed += waitMs / 1000;
        const { seconds, symptom } = called();
        return { seconds: seconds + waitMs / 1000, symptom };
      }
    }
  }

  return {
    service: isOrders ? "orders" : "warehouse",
    idempotent: isOrders,
    tags: { freshness: isOrders && isCritical ? "critical" : "any" },
    symptom: last,
    attempt(choice) {
      const before = elapsed;
      const { seconds, symptom } = attempted(choice);
      elapsed = before + seconds;
      last = symptom ?? last;
      return { seconds, symptom };
    },
  };
}

const symptoms: Readonly<Record<FaultKind | "breaker", Symptom>> = {
  latency: symptom("TIMEOUT", "unknown"),
  refusal: symptom("NETWORK", "none"),
  reset: symptom("NETWORK", "unknown"),
  throttle: { class: "429", status: 429, retryAfterMs, effect: "unknown" },
  garbage: symptom("BADDATA", "unknown"),
  heavy: { class: "5XX", status: 503, retryAfterMs: null, effect: "unknown" },
  breaker: symptom("BREAKER", "none"),
};

function symptom(failureClass: string, effect: Symptom["effect"]): Symptom {
  return { class: failureClass, status: null, retryAfterMs: null, effect };
}
