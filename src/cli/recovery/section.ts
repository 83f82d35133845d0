import type { BenchOptions } from "../../recovery/bench/options.ts";
import type { Style } from "../terminal/style.ts";

/** One part of `belay recovery bench`: what it measures, as keys of the JSON object and as text. */
export interface Section {
  readonly title: string;
  /** On one idle core, about; for the time left. */
  readonly seconds: { readonly quick: number; readonly full: number };
  measure(options: BenchOptions): Promise<Measured>;
}

export interface Measured {
  /** Keys that no other section has. */
  readonly json: Readonly<Record<string, unknown>>;
  text(style: Style): string;
}

/** A section from a benchmark, and how its result is shown. */
export function section<R>(parts: {
  readonly title: string;
  readonly seconds: Section["seconds"];
  measure(options: BenchOptions): R | Promise<R>;
  json(result: R): Readonly<Record<string, unknown>>;
  text(result: R, style: Style): string;
}): Section {
  const { title, seconds, measure, json, text } = parts;
  return {
    title,
    seconds,
    async measure(options) {
      const result = await measure(options);
      return { json: json(result), text: (style) => text(result, style) };
    },
  };
}
