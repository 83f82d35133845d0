/** Where a log standard deviation that a network puts out is kept. Haarnoja et al. 2018, the authors' code. */
export const logStdRange = { low: -20, high: 2 };

export function clampLogStd(logStd: number): number {
  return Math.min(Math.max(logStd, logStdRange.low), logStdRange.high);
}
