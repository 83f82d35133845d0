import { positive, resolveConfig } from "../../algorithm/config.ts";
import { slidingSum } from "./sliding-sum.ts";
import type { Specification } from "./specification.ts";

/** How much may still be spent on actions that cost something. */
export interface FallbackBudget {
  /** Spends `cost`; false where that is more than is left, and then nothing is spent. What is free is always granted. */
  take(now: number, cost: number): boolean;
  left(now: number): number;
}

export const fallbackBudgetDefaults = {
  /** Most that the actions of any minute may cost, in units of reward. */
  perMinute: 5,
};

/** `fallbackBudget({ perMinute: 5 })`: in no minute do the costs of the actions taken come to more than 5. */
export function fallbackBudget(options: Partial<typeof fallbackBudgetDefaults> = {}): Specification<FallbackBudget> {
  const { perMinute } = resolveConfig("fallbackBudget", fallbackBudgetDefaults, options, { perMinute: positive });
  return {
    create() {
      // A part more than the minute has, since the sum forgets up to one part too early.
      const spent = slidingSum(65_000, 13);
      const left = (now: number) => Math.max(0, perMinute - spent.total(now));
      return {
        left,
        take(now, cost) {
          if (!(cost > 0)) return true;
          if (cost > left(now) + 1e-9 * perMinute) return false;
          spent.add(now, cost);
          return true;
        },
      };
    },
  };
}
