/** Text as it may stand in a page, between tags or inside quotes. */
export function escaped(text: unknown): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text).replace(/[&<>"']/g, (character) => names[character]);
}

/** 1234567 → "1.23M", 12345 → "12.3k", 487.123 → "487", 0.000034 → "3.4e−5". */
export function short(x: number): string {
  const size = Math.abs(x);
  if (size === 0) return "0";
  if (size >= 1e6) return `${trimmed(x / 1e6)}M`;
  if (size >= 1e4) return `${trimmed(x / 1e3)}k`;
  if (size < 1e-4) return x.toExponential(1).replace(".0e", "e").replaceAll("-", "−");
  return trimmed(x);
}

/** 18432 → "18,432". */
export function count(n: number): string {
  return String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** 0.4 → "0.4 s", 75 → "1 min 15 s", 3700 → "1 h 2 min". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${trimmed(seconds)} s`;
  const whole = Math.round(seconds);
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** Three digits that matter, with a true minus sign. */
function trimmed(x: number): string {
  const digits = Math.abs(x) >= 100 ? Math.round(x) : Number(x.toPrecision(3));
  return String(digits).replace("-", "−");
}
