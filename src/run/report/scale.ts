/** From numbers to places on paper. */
export interface Scale {
  readonly ticks: readonly number[];
  place(value: number): number;
}

/** A linear scale that begins and ends at ticks around [low, high]. */
export function createScale(low: number, high: number, from: number, to: number, wanted: number): Scale {
  const step = niceStep((high - low || Math.abs(high) || 1) / wanted);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => round(first + i, step));
  return { ticks, place: (value) => from + ((value / step - first) / (last - first)) * (to - from) };
}

/** A linear scale over exactly [low, high], with ticks inside. */
export function createTightScale(low: number, high: number, from: number, to: number, wanted: number): Scale {
  const span = high - low || 1;
  const { ticks } = createScale(low, high, from, to, wanted);
  return {
    ticks: ticks.filter((tick) => tick >= low && tick <= low + span),
    place: (value) => from + ((value - low) / span) * (to - from),
  };
}

/** The smallest of 1, 2, 5 times a power of ten that is no smaller than `step`. */
export function niceStep(step: number): number {
  let power = 1;
  while (power * 10 <= step) power *= 10;
  while (power > step) power /= 10;
  return [1, 2, 5, 10].map((factor) => factor * power).find((nice) => nice >= step * (1 - 1e-9)) ?? 10 * power;
}

/** i · step without the dust of binary fractions. */
function round(i: number, step: number): number {
  return Number((i * step).toPrecision(12));
}
