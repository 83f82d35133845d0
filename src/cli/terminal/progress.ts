import type { Evaluated, Iteration, RunEvent, Warned } from "../../run/event.ts";
import type { Output } from "../io.ts";
import { bar, sparkline } from "./draw.ts";
import { clock, count, short } from "./number.ts";
import { createStyle, type Style } from "./style.ts";

/** Shows a run as it goes: live where a terminal watches, a few lines elsewhere. */
export interface Progress {
  show(event: RunEvent): void;
  /** A line that stays. */
  say(line: string): void;
  /** Leaves the screen as a reader wants to find it. */
  end(): void;
}

/** Milliseconds between pictures. */
const FRAME = 80;

/** `quiet` leaves only the warnings. */
export function createProgress(output: Output, quiet: boolean): Progress {
  const style = createStyle(output);
  const returns: number[] = [];
  let drawn = 0;
  let last = Number.NEGATIVE_INFINITY;
  let latest: Iteration | null = null;

  function erase(): void {
    if (drawn > 0) output.write(`\u001b[${drawn}A\u001b[J`);
    drawn = 0;
  }

  function draw(): void {
    const { columns } = output;
    if (quiet || columns === null || !latest) return;
    const lines = picture(latest, returns, columns, style);
    erase();
    output.write(`${lines.join("\n")}\n`);
    drawn = lines.length;
    last = latest.time;
  }

  function say(line: string): void {
    erase();
    output.write(`${line}\n`);
    draw();
  }

  function hear(event: Iteration): void {
    latest = event;
    if (event.return !== null) returns.push(event.return);
    if (event.time - last >= FRAME || event.steps >= event.totalSteps) draw();
  }

  return {
    say,
    show(event) {
      if (event.kind === "iteration") hear(event);
      if (event.kind === "warning") say(warningLine(event, style));
      if (event.kind === "evaluation" && !quiet) say(evaluationLine(event, style));
    },
    end() {
      draw();
      drawn = 0;
      latest = null;
    },
  };
}

/** The live block: where the run stands, then how it does. */
function picture(event: Iteration, returns: readonly number[], columns: number, style: Style): string[] {
  const { steps, totalSteps, metrics } = event;
  const share = totalSteps > 0 ? steps / totalSteps : 0;
  const width = Math.max(8, Math.min(36, columns - 62));
  const [done, left] = bar(share, width);
  const facts = [`${count(steps)} steps`, `${count(event.stepsPerSecond)} steps/s`, `${clock(event.secondsLeft)} left`];
  const gauges = [
    ["return", event.return, sparkline(returns, Math.max(8, Math.min(24, columns - 56)))],
    ["KL", metrics.kl, ""],
    ["entropy", metrics.entropy, ""],
  ] as const;
  const shown = gauges.flatMap(([name, value, course]) =>
    value === null || value === undefined
      ? []
      : [`${style.dim(name)} ${style.bold(short(value))}${course && ` ${style.accent(course)}`}`],
  );
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  return [
    "",
    `  ${style.accent(done)}${style.dim(left)} ${style.bold(percent)}  ${facts.join(style.dim("  ·  "))}`,
    `  ${shown.join("   ")}`,
  ];
}

function evaluationLine({ steps, evaluation, best }: Evaluated, style: Style): string {
  const { mean, std, episodes } = evaluation;
  const star = best ? style.good("  best so far") : "";
  return (
    `  ${count(steps).padStart(11)} ${style.dim("steps")}  ${style.bold(short(mean).padStart(7))} ` +
    `${style.dim(`± ${short(std)}, ${episodes} evaluation episodes`)}${star}`
  );
}

function warningLine({ steps, warning }: Warned, style: Style): string {
  const { name, seen, why, advice } = warning;
  return `  ${style.caution(`${name}, at step ${count(steps)}:`)} ${seen} ${why} ${style.bold(advice)}`;
}
