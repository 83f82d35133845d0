import type { StepResult } from "./pipeline.ts";
import { rates } from "./problem.ts";

/** How one contestant went through the faults. Troubled is a step whose first call failed or was kept back. */
export interface Score {
  readonly pages: number;
  readonly troubled: number;
  readonly saved: number;
  readonly escalated: number;
  /** From the first failure to the end, of the saved. */
  readonly medianSeconds: number;
  readonly p95Seconds: number;
  /** Connections that met a fault. */
  readonly callsIntoFaults: number;
  readonly wastedRetries: number;
  readonly cost: number;
  /** Bookings beyond the first of a page. */
  readonly doubleEffects: number;
  /** Pages that are said to be booked and are not. */
  readonly lost: number;
  /** Mean over all steps; 1 is one that met no trouble. */
  readonly return: number;
}

export function scoreOf(
  results: readonly StepResult[],
  ledger: ReadonlyMap<number, number>,
  callsIntoFaults: number,
): Score {
  const troubled = results.filter(({ meter, ok }) => meter.troubledAt !== null || !ok);
  const saved = troubled.filter(({ ok }) => ok);
  const seconds = saved.map(secondsOf).sort((a, b) => a - b);
  const booked = results.filter(({ step, ok }) => step === "load" && ok);
  return {
    pages: results.filter(({ step }) => step === "extract").length,
    troubled: troubled.length,
    saved: saved.length,
    escalated: troubled.length - saved.length,
    medianSeconds: quantile(seconds, 0.5),
    p95Seconds: quantile(seconds, 0.95),
    callsIntoFaults,
    wastedRetries: sum(troubled, ({ meter }) => Math.max(0, meter.failed - 1)),
    cost: sum(troubled, ({ meter }) => meter.cost),
    doubleEffects: [...ledger.values()].reduce((total, times) => total + Math.max(0, times - 1), 0),
    lost: booked.filter(({ page }) => (ledger.get(page) ?? 0) === 0).length,
    return: sum(results, returnOf) / Math.max(1, results.length),
  };
}

/** What the planner's owner would give for it: the same for all contestants, from what they did. */
function returnOf(result: StepResult): number {
  const { calls, remedies, cost } = result.meter;
  const actions = Math.max(0, calls - 1) + remedies;
  const end = result.ok ? rates.success : rates.escalate;
  return end + rates.perSecond * secondsOf(result) + rates.perCall * actions - cost;
}

function secondsOf({ begin, end, ok, meter }: StepResult): number {
  return meter.troubledAt === null && ok ? 0 : (end - (meter.troubledAt ?? begin)) / 1000;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted.length === 0 ? 0 : sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
