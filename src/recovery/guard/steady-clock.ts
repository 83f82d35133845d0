/** The longest step that counts: a machine that slept wakes an hour later, not a year. */
const longestStepMs = 3_600_000;

/**
 * Time that only goes forward, by a clock that may jump: a step back counts as none, a step that is not finite neither.
 * It starts at 0, whatever the clock says.
 */
export function steadyClock(): (now: number) => number {
  // In an array, since a number that a closure rewrites costs an allocation at every call.
  const time = new Float64Array([NaN, 0]);
  return (now) => {
    const step = now - time[0];
    if (step > 0 && step < Infinity) time[1] += Math.min(step, longestStepMs);
    if (now > -Infinity && now < Infinity) time[0] = now;
    return time[1];
  };
}
