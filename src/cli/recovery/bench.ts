import type { Input } from "../command.ts";
import { type ExitCode, exitCode } from "../exit-code.ts";
import type { Io } from "../io.ts";
import { createStyle } from "../terminal/style.ts";
import { createBenchProgress } from "./bench-progress.ts";
import { sections } from "./sections.ts";

/** Measures section after section. With --json, one object is the last line of standard output; without it, each section as it is done. */
export async function recoveryBenchCommand(input: Input, { stdout, stderr }: Io): Promise<ExitCode> {
  const seed = input.integer("seed", 0) ?? 0;
  const quick = input.has("quick");
  const style = createStyle(stdout);
  const progress = createBenchProgress(stderr, () => performance.now());
  const planned = sections.map(({ seconds }) => (quick ? seconds.quick : seconds.full));
  const whole = planned.reduce((sum, seconds) => sum + seconds, 0);
  const results: Record<string, unknown> = { seed, quick };

  for (const [i, { title, measure }] of sections.entries()) {
    progress.begin(title, planned[i] / whole);
    const { json, text } = await measure({ seed, quick, onProgress: progress.show });
    progress.end();
    Object.assign(results, json);
    if (!input.has("json")) stdout.write(`\n${style.bold(title)}\n${text(style).replace(/^(?=.)/gm, "  ")}\n`);
  }
  stdout.write(input.has("json") ? `${JSON.stringify(results)}\n` : "\n");
  return exitCode.done;
}
