import { cos } from "./transcendental.ts";

/** How a coefficient goes from its start at progress 0 to its end at progress 1. */
export type Schedule = "constant" | "linear" | "cosine";

export const schedules: readonly Schedule[] = ["constant", "linear", "cosine"];

/** The factor on the starting value: 1 throughout, or from 1 down to 0 along a line or half a cosine. */
export function scheduled(schedule: Schedule, progress: number): number {
  switch (schedule) {
    case "constant":
      return 1;
    case "linear":
      return 1 - progress;
    case "cosine":
      return 0.5 * (1 + cos(Math.PI * progress));
    default:
      throw new TypeError(`scheduled: unknown schedule ${JSON.stringify(schedule satisfies never)}.`);
  }
}
