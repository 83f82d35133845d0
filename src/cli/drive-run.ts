import type { RunEvent } from "../run/event.ts";
import { RunError } from "../run/run-error.ts";
import { type ExitCode, exitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { type Result, resultLine } from "./result.ts";
import { count } from "./terminal/number.ts";
import { createProgress, type Progress } from "./terminal/progress.ts";
import { createStyle } from "./terminal/style.ts";
import { summary } from "./terminal/summary.ts";

/** A run under way, and who it is. */
export interface Drive {
  readonly events: (signal: { readonly aborted: boolean }) => AsyncIterable<RunEvent>;
  readonly who: Pick<Result, "algorithm" | "environment" | "seed" | "run">;
  /** What to say once it has begun. */
  readonly opening: string;
  readonly json: boolean;
  readonly quiet: boolean;
  /** Once it has ended, whatever way. */
  readonly close?: (() => Promise<void>) | undefined;
}

/** Shows a run to its end, and turns how it ended into an exit code. */
export async function driveRun({ events, who, opening, json, quiet, close }: Drive, io: Io): Promise<ExitCode> {
  const progress = createProgress(io.stderr, quiet);
  const signal = { aborted: false };
  const forget = io.onInterrupt(() => {
    signal.aborted = true;
    progress.say("  Stopping at the end of this iteration. Once more to stop at once.");
  });
  let last = null as RunEvent | null;
  try {
    for await (const event of events(signal)) {
      if (!last && !quiet) progress.say(opening);
      progress.show(event);
      last = event;
    }
  } catch (error) {
    throw last?.kind === "failed" && last.steps > 0 ? keptRun(error, who.run) : error;
  } finally {
    progress.end();
    forget();
    await close?.();
  }
  return conclude(last, { who, json }, io, progress);
}

function conclude(
  last: RunEvent | null,
  { who, json }: Pick<Drive, "who" | "json">,
  io: Io,
  progress: Progress,
): ExitCode {
  const style = createStyle(io.stderr);
  switch (last?.kind) {
    case "finished":
      io.stdout.write(json ? resultLine({ ...who, ...last }) : summary(who, last, io.stdout));
      return exitCode.done;
    case "interrupted":
      progress.say(`  Stopped at step ${count(last.steps)}. To go on: ${style.bold(`belay resume ${who.run}`)}`);
      return exitCode.interrupted;
    default:
      throw new RunError(`the run in ${who.run} ended without a word.`);
  }
}

/** The same, with where to look for what was learned until then. */
function keptRun(error: unknown, run: string): RunError {
  const message = error instanceof Error ? error.message : String(error);
  return new RunError(`${message} What was learned until its last checkpoint is kept in ${run}.`, { cause: error });
}
