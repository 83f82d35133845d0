import type { Evaluated, Iteration, RunEvent, Warned } from "../../run/event.ts";
import type { Output } from "../io.ts";
import { bar, sparkline } from "./draw.ts";
import { clock, count, short } from "./number.ts";
import { createStyle, type Style, visibleWidth } from "./style.ts";

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

/** The live block: where the run stands, then how it does. No line is wider than the terminal, or it could not be erased. */
function picture(event: Iteration, returns: readonly number[], columns: number, style: Style): string[] {
  const share = event.totalSteps > 0 ? event.steps / event.totalSteps : 0;
  return ["", standing(event, share, columns, style), doing(event, returns, columns, style)];
}

const WIDEST_BAR = 36;
const NARROWEST_BAR = 8;

/** The bar, and as many facts behind it as there is room for. */
function standing(event: Iteration, share: number, columns: number, style: Style): string {
  const facts = [
    `${clock(event.secondsLeft)} left`,
    `${count(event.stepsPerSecond)} steps/s`,
    `${count(event.steps)} steps`,
  ];
  const separator = "  ·  ";
  const percent = `${Math.floor(share * 100)} %`.padStart(5);
  const room = (shown: readonly string[]) => columns - 10 - percent.length - visibleWidth(shown.join(separator));
  while (facts.length > 0 && room(facts) < NARROWEST_BAR) facts.pop();
  const [done, left] = bar(share, Math.max(1, Math.min(WIDEST_BAR, room(facts))));
  return `  ${style.accent(done)}${style.dim(left)} ${style.bold(percent)}  ${facts.reverse().join(style.dim(separator))}`;
}

const WIDEST_COURSE = 24;

/** Return with its course, KL and entropy, as far as there is room. */
function doing(
  { return: last, metrics }: Iteration,
  returns: readonly number[],
  columns: number,
  style: Style,
): string {
  const gauge = (name: string, value: number | null | undefined) =>
    value === null || value === undefined ? [] : [`${style.dim(name)} ${style.bold(short(value))}`];
  const gauges = [...gauge("return", last), ...gauge("KL", metrics.kl), ...gauge("entropy", metrics.entropy)];
  while (gauges.length > 0 && visibleWidth(gauges.join("   ")) + 3 > columns) gauges.pop();
  const room = columns - visibleWidth(gauges.join("   ")) - 4;
  if (last !== null && gauges.length > 0 && room >= 1) {
    gauges[0] += ` ${style.accent(sparkline(returns, Math.min(WIDEST_COURSE, room)))}`;
  }
  return `  ${gauges.join("   ")}`;
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
  return `  ${style.caution(`${name}, at step ${count(steps)}:`)} ${seen.replace(/\.?$/, ".")} ${why} ${style.bold(advice)}`;
}
