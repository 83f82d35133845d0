import type { Random } from "../../math/random.ts";
import { log1p } from "../../math/transcendental.ts";
import type { Symptom } from "../failure.ts";
import type { SimulatedEpisode, Simulator } from "./simulator.ts";

/** How a failed message can look. Neither cause has a look of its own. */
export const messageClasses = ["TIMEOUT", "5XX", "4XX", "BADDATA"] as const;

export const poisonMessageDefaults = {
  /** Of the messages that fail, how many fail for good. */
  poisonShare: 0.15,
  /** τ: the mean of the exponential time that any other cause takes to pass, in seconds. */
  passingSeconds: 1.5,
  /** A try's own time, in seconds. */
  trySeconds: 0.02,
};

/** Chances of each class, of what passes and of poison. */
const passingShows = [0.45, 0.45, 0.05, 0.05];
const poisonShows = [0.05, 0.35, 0.2, 0.4];

export interface MessageEpisode extends SimulatedEpisode {
  readonly isPoison: boolean;
}

/** A message that failed: most are served a little later, some never. Only `retry:<milliseconds>` can be attempted. */
export function poisonMessage(options = poisonMessageDefaults): Simulator<MessageEpisode> {
  return { id: "PoisonMessage", start: (random) => startMessage(random.split(), options) };
}

function startMessage(
  chance: Random,
  { poisonShare, passingSeconds, trySeconds }: typeof poisonMessageDefaults,
): MessageEpisode {
  const isPoison = chance.uniform() < poisonShare;
  const passesAfter = isPoison ? Infinity : -passingSeconds * log1p(-chance.uniform());
  let waited = 0;
  const symptom = () => symptomOf(drawClass(isPoison ? poisonShows : passingShows, chance.uniform()));
  return {
    service: "consumer",
    idempotent: true,
    tags: {},
    isPoison,
    symptom: symptom(),
    attempt(choice) {
      const delayMs = /^retry:(\d+)$/.exec(choice)?.[1];
      if (delayMs === undefined) {
        throw new RangeError(`PoisonMessage: choice must be retry:<milliseconds>, got ${JSON.stringify(choice)}.`);
      }
      waited += Number(delayMs) / 1000;
      return { seconds: Number(delayMs) / 1000 + trySeconds, symptom: waited > passesAfter ? null : symptom() };
    },
  };
}

function drawClass(chances: readonly number[], uniform: number): string {
  let place = 0;
  for (let rest = uniform; place < chances.length - 1 && rest >= chances[place]; place++) rest -= chances[place];
  return messageClasses[place];
}

function symptomOf(word: string): Symptom {
  const status = word === "5XX" ? 500 : word === "4XX" ? 422 : null;
  return { class: word, status, retryAfterMs: null, effect: "none" };
}
