import type { Clock } from "../clock.ts";
import { BreakerOpenError } from "../planner/breaker-open-error.ts";
import type { Planner } from "../planner/create-planner.ts";
import type { RecoveryEpisode } from "../planner/episode.ts";
import type { StormClient, StormFailure } from "./retry-storm.ts";

const service = "server";

/** What a caller sees of each failure. */
const errors: Readonly<Record<StormFailure, Error>> = {
  timeout: Object.assign(new Error("no answer within a second"), { code: "ETIMEDOUT" }),
  full: Object.assign(new Error("HTTP 503"), { status: 503 }),
  open: new BreakerOpenError(service),
};

/** Callers whose calls all go through a planner, as `wrap` would take them, on the storm's own clock. */
export function plannerStormClient(makePlanner: (clock: Clock) => Planner): StormClient {
  let time = 0;
  const planner = makePlanner({ now: () => time, wall: () => time, after: () => () => undefined });
  const episodes = new Map<number, RecoveryEpisode>();

  function episodeOf(request: number): RecoveryEpisode {
    let episode = episodes.get(request);
    if (!episode) {
      episode = planner.episode(service, { idempotent: true });
      episodes.set(request, episode);
    }
    return episode;
  }

  return {
    allows(now) {
      time = now;
      return planner.admits(service);
    },
    onResult(now, ok, request) {
      time = now;
      if (!ok) return; // its episode counts it, in retryAfter
      const episode = episodes.get(request);
      if (episode) episode.succeeded();
      else planner.succeeded(service);
      episodes.delete(request);
    },
    retryAfter(now, failure, _n, request) {
      time = now;
      const episode = episodeOf(request);
      const { choice, waitMs, exhausted } = episode.failed(errors[failure]);
      if (choice.action.kind !== "escalate") return waitMs;
      if (exhausted === null) episode.gaveUp();
      episodes.delete(request);
      return null;
    },
  };
}
