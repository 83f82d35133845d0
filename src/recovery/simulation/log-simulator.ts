import { exp, log } from "../../math/transcendental.ts";
import type { Definition } from "../definition.ts";
import type { DecisionRecord } from "../record/decision-record.ts";
import { groupEpisodes } from "../record/episodes.ts";
import { logWorld } from "./log-world.ts";
import type { SimulatedEpisode, Simulator } from "./simulator.ts";

export interface LogSimulatorOptions {
  /** How far an episode's world may differ from the log's: the deviation of each choice's chance, on the logit scale. */
  readonly randomized?: number;
  /** So many tries weigh as much as what is known of other services and classes. */
  readonly smoothing?: number;
}

/**
 * A world that fails as a log says it did: first failures are the log's own, what a choice does is drawn from what it did
 * for the same service and class. No two episodes have quite the same chances, so that what is learned here does not hang
 * on the last digit of a guess.
 */
export function logSimulator(
  { name, choices, classes }: Definition,
  records: Iterable<DecisionRecord>,
  { randomized = 0.3, smoothing = 20 }: LogSimulatorOptions = {},
): Simulator {
  const known = new Set(choices.map((choice) => choice.name));
  const repeatable = new Set(choices.filter(({ action }) => action.kind === "retry").map((choice) => choice.name));
  const isKnown = (record: DecisionRecord) => known.has(record.action) && classes.includes(record.class);
  const whole = groupEpisodes(records).filter((episode) => episode.whole && episode.records.every(isKnown));
  if (whole.length === 0) {
    throw new RangeError(`logSimulator: ${name} needs a log with at least one whole episode of its own, got none.`);
  }
  if (!(randomized >= 0 && randomized < Infinity && smoothing > 0 && smoothing < Infinity)) {
    throw new RangeError(
      `logSimulator: randomized must be at least 0 and smoothing above it, got ${randomized} and ${smoothing}.`,
    );
  }
  const world = logWorld(
    whole.flatMap((episode) => episode.records),
    smoothing,
  );

  return {
    id: `${name}-log`,
    start(random): SimulatedEpisode {
      const chance = random.split();
      const scene = world.scenes[chance.integer(world.scenes.length)];
      const shifts = new Map(choices.map((choice) => [choice.name, randomized * chance.normal()]));
      // One number decides over each choice that is no retry, however often it is tried.
      const luck = new Map(choices.map((choice) => [choice.name, chance.uniform()]));
      let symptom = scene;
      let failed = 0;
      return {
        service: scene.service,
        idempotent: scene.idempotent,
        tags: scene.tags,
        symptom: scene,
        attempt(choice) {
          const usual = world.chance(scene.service, symptom.class, choice, failed);
          const likely = shifted(usual, shifts.get(choice) ?? 0);
          const saved = (repeatable.has(choice) ? chance.uniform() : (luck.get(choice) ?? 1)) < likely;
          const seconds = world.durationMs(scene.service, choice, saved, chance) / 1000;
          if (saved) return { seconds, symptom: null };
          failed += 1;
          symptom = { ...scene, ...world.next(scene.service, symptom.class, chance) };
          return { seconds, symptom };
        },
      };
    },
  };
}

/** σ(logit p + by); what never happens, and what always does, stays so. */
function shifted(p: number, by: number): number {
  if (p <= 0 || p >= 1) return p;
  return 1 / (1 + exp(-(log(p / (1 - p)) + by)));
}
