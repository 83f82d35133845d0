import {
  createDriftMonitor,
  type DriftFeature,
  type DriftMonitor,
  type DriftOptions,
  driftReference,
  observeDrift,
} from "../../math/drift-monitor.ts";
import type { Encoder, InputGroup } from "../feature/encoder.ts";

/** Looks whether failures still look as they did, and returns are still what they were. */
export interface DriftWatch {
  /** Of each episode: its first failure as the policy saw it, and its return. Returns what has changed, in words. */
  observe(observation: Float32Array, value: number): string | null;
  /** Forgets what was normal: it is learned anew. */
  restart(): void;
}

export interface DriftWatchOptions extends Partial<DriftOptions> {
  /** Episodes that say what is normal, before any are compared with them. */
  readonly referenceEpisodes?: number;
}

/** What an episode's first failure shows: its history is empty. */
const history: ReadonlySet<string> = new Set(["tried", "last action", "classes met"]);

export function createDriftWatch(
  { groups }: Encoder,
  { referenceEpisodes = 1000, ...options }: DriftWatchOptions = {},
): DriftWatch {
  const watched = groups.filter(({ name }) => !history.has(name));
  const features = watched.map(
    ({ size }): DriftFeature => (size > 2 ? { kind: "categorical", categories: size } : { kind: "numeric" }),
  );
  const row = new Float64Array(watched.length);
  let rows: number[] = [];
  let values: number[] = [];
  let monitor: DriftMonitor | null = null;

  function restart(): void {
    rows = [];
    values = [];
    monitor = null;
  }

  return {
    restart,
    observe(observation, value) {
      for (let i = 0; i < row.length; i++) row[i] = summary(observation, watched[i]);
      if (monitor) {
        const alarm = observeDrift(monitor, row, value);
        if (!alarm) return null;
        const what = alarm.kind === "reward" ? "returns have fallen" : `"${watched[alarm.feature].name}" has changed`;
        restart();
        return `${what}: ${alarm.statistic.toFixed(3)}, where ${alarm.threshold.toFixed(3)} is allowed`;
      }
      rows.push(...row);
      values.push(value);
      if (values.length < referenceEpisodes) return null;
      const isConstant = values.every((other) => other === values[0]);
      if (isConstant)
        restart(); // nothing to measure a change by
      else monitor = createDriftMonitor(driftReference(features, rows, values), options);
      return null;
    },
  };
}

/** A one-hot as its place, a number as itself; where none is hot, the place beyond the last. */
function summary(observation: Float32Array, { offset, size }: InputGroup): number {
  if (size <= 2) return observation[offset];
  for (let i = 0; i < size; i++) if (observation[offset + i] === 1) return i;
  return size;
}
