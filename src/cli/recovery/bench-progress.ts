import type { Done } from "../../recovery/bench/options.ts";
import type { Output } from "../io.ts";
import { bar } from "../terminal/draw.ts";
import { clock, count } from "../terminal/number.ts";
import { createStyle } from "../terminal/style.ts";

/** Where a benchmark of several sections stands: a live line where a terminal watches, a line per stage elsewhere. */
export interface BenchProgress {
  /** Begins a section that takes this share of the whole. */
  begin(title: string, share: number): void;
  show(line: string, done?: Done): void;
  /** Leaves nothing behind. */
  end(): void;
}

/** Milliseconds between pictures. */
const FRAME = 100;

/** `now` in milliseconds. */
export function createBenchProgress(output: Output, now: () => number): BenchProgress {
  const style = createStyle(output);
  const start = now();
  const section = { title: "", share: 0, before: 0 };
  const stage = { line: "", since: start, count: 0 };
  let last = Number.NEGATIVE_INFINITY;
  let drawn = false;

  function erase(): void {
    if (drawn) output.write("\r\u001b[K");
    drawn = false;
  }

  function picture(line: string, done: Done | undefined, columns: number): string {
    const share = Math.min(1, section.before + section.share * (done?.share ?? 0));
    const elapsed = (now() - start) / 1000;
    const seconds = (now() - stage.since) / 1000;
    const facts = [
      `${section.title}: ${line}`,
      ...(done && seconds > 0.5 ? [`${count((done.count - stage.count) / seconds)} ${done.unit}/s`] : []),
      ...(share > 0.01 ? [`${clock((elapsed * (1 - share)) / share)} left`] : []),
    ];
    const [full, left] = bar(share, 16);
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    const text = facts.join("  ·  ").slice(0, Math.max(0, columns - 28));
    return `  ${style.accent(full)}${style.dim(left)} ${style.bold(percent)}  ${text}`;
  }

  return {
    begin(title, share) {
      Object.assign(section, { title, share, before: section.before + section.share });
      stage.line = "";
    },
    show(line, done) {
      const isNew = line !== stage.line;
      if (isNew) Object.assign(stage, { line, since: now(), count: done?.count ?? 0 });
      const { columns } = output;
      if (columns === null) {
        if (isNew) output.write(`${picture(line, done, Number.POSITIVE_INFINITY).trim()}\n`);
        return;
      }
      if (!isNew && now() - last < FRAME) return;
      last = now();
      erase();
      output.write(picture(line, done, columns));
      drawn = true;
    },
    end: erase,
  };
}
