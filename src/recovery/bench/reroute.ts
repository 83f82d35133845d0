import { ppo } from "../../algorithm/ppo.ts";
import { createActor } from "../../deploy/act.ts";
import { type Downtime, empiricalDowntime, lanlFit, lognormalDowntime } from "../simulation/downtime.ts";
import { bestReroute, type Reroute, rerouteCost, rerouteEnv, thresholdOf } from "../simulation/reroute.ts";
import { lanlDowntimes } from "./lanl-downtimes.ts";
import type { BenchOptions } from "./options.ts";

/** What was learned where, and what it costs there where it is put to work. */
export interface RerouteRow {
  /** Where downtimes are drawn from: the lognormal, or one half of the records; and where the policy is judged. */
  readonly learnedOn: string;
  readonly judgedOn: string;
  readonly migrationMinutes: number;
  readonly seed: number;
  readonly learned: Reroute;
  /** The best threshold for where it was learned; its cost is that where it is judged. */
  readonly planned: Reroute;
  /** The best there is where it is judged, for those who know it. */
  readonly best: Reroute;
  readonly never: number;
  /** The learned policy's cost over the best, less 1. */
  readonly gap: number;
}

export interface RerouteReport {
  readonly rows: readonly RerouteRow[];
  /** The largest gap on the lognormal, where the optimum is exact. */
  readonly largestGap: number;
}

const lognormal = { name: "lognormal", downtime: lognormalDowntime(lanlFit) };

/** The half of Los Alamos's records before the end of November 2002, and the half after it. */
export function lanlHalves(): readonly { readonly name: string; readonly downtime: Downtime }[] {
  return (["earlier", "later"] as const).map((name) => ({ name, downtime: parseDowntimes(lanlDowntimes[name]) }));
}

function parseDowntimes(table: string): Downtime {
  const entries = table.trim().split(/\s+/);
  const rows = entries.map((entry) => entry.split(":").map(Number));
  return empiricalDowntime(
    rows.map(([minutes]) => minutes),
    rows.map(([, count]) => count ?? 1),
  );
}

/** Wait or migrate: learned on the lognormal and held against its optimum, and learned on one half of the records for the other. */
export async function benchReroute({ seed, quick, onProgress }: BenchOptions): Promise<RerouteReport> {
  const [earlier, later] = lanlHalves();
  const seeds = Array.from({ length: quick ? 1 : 3 }, (_, i) => seed + i);
  const pairs = [[lognormal, lognormal], [earlier, later], ...(quick ? [] : [[later, earlier]])];
  const rows: RerouteRow[] = [];
  for (const [from, to] of pairs) {
    for (const migrationMinutes of [120, 240]) {
      const planned = bestReroute(from.downtime, migrationMinutes);
      const judged = (threshold: number) => ({
        threshold,
        cost: rerouteCost(to.downtime, migrationMinutes, threshold),
      });
      const best = bestReroute(to.downtime, migrationMinutes);
      for (const one of seeds) {
        const learned = judged(await learnThreshold(from.downtime, migrationMinutes, one));
        rows.push({
          learnedOn: from.name,
          judgedOn: to.name,
          migrationMinutes,
          seed: one,
          learned,
          planned: judged(planned.threshold),
          best,
          never: to.downtime.meanUpTo(Infinity),
          gap: learned.cost / best.cost - 1,
        });
        const share = rows.length / (2 * pairs.length * seeds.length);
        const count = rows.length * settings.totalSteps;
        onProgress?.(`${from.name}, ${migrationMinutes} minutes to migrate`, { share, count, unit: "steps" });
      }
    }
  }
  const gaps = rows.filter((row) => row.judgedOn === lognormal.name).map((row) => row.gap);
  return { rows, largestGap: Math.max(...gaps) };
}

const settings = {
  totalSteps: 250_000,
  numEnvs: 16,
  horizon: 256,
  batchSize: 1024,
  epochs: 4,
  learningRate: 2e-2,
  learningRateSchedule: "linear",
  discount: 1,
  hidden: [],
} as const;

/** PPO on a table: one logit for each time at which the question is asked. */
export async function learnThreshold(downtime: Downtime, migrationMinutes: number, seed: number): Promise<number> {
  const makeEnv = () => rerouteEnv(downtime, migrationMinutes);
  let threshold = NaN;
  for await (const { policy, steps, totalSteps } of ppo(makeEnv, { ...settings, seed })) {
    if (steps < totalSteps) continue;
    const actor = createActor(policy);
    threshold = thresholdOf((place) => actor.act(place) === 1);
  }
  return threshold;
}
