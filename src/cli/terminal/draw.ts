const blocks = "▁▂▃▄▅▆▇█";

/** The course of a number in a line: its last `width` values, or means of neighbours where there are more. */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.length <= width ? values : condensed(values, width);
  const low = Math.min(...shown);
  const span = Math.max(...shown) - low;
  return shown
    .map(
      (value) => blocks[span > 0 ? Math.min(blocks.length - 1, Math.floor(((value - low) / span) * blocks.length)) : 0],
    )
    .join("");
}

function condensed(values: readonly number[], width: number): number[] {
  return Array.from({ length: width }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / width), Math.floor(((i + 1) * values.length) / width));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
}

/** A bar of `width` columns in two parts, to the half column: what is done and what is left. */
export function bar(share: number, width: number): [done: string, left: string] {
  const halves = Math.round(Math.min(1, Math.max(0, share)) * width * 2);
  const whole = Math.floor(halves / 2);
  const tip = halves % 2 === 1 ? "╸" : "";
  return ["━".repeat(whole) + tip, "━".repeat(width - whole - tip.length)];
}
